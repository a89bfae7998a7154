using System.Collections.Immutable;
using Deploy.Tui.Screens;

namespace Deploy.Tui.State;

/// <summary>The choices that outlast the dashboard, out of the state file and into it.</summary>
internal static class Keeping
{
    private const string ProblemsFirst = "problems-first";
    private const string ProblemsInPlace = "problems-in-place"; // of a list that has them first by itself

    /// <summary>With the screen, filters and sorts of the last time. What is not understood any more is left out.</summary>
    public static TuiModel Restored(TuiModel model)
    {
        var kept = model.Setup.Kept;
        foreach (var screen in AllScreens.Each.OfType<IListScreen>())
        {
            string name = screen.Name.ToString();
            string filter = kept.Place == model.Setup.Place ? kept.Filters.GetValueOrDefault(name) ?? string.Empty : string.Empty; // of another fleet it would hide this one
            string sort = kept.Sorts.GetValueOrDefault(name) ?? string.Empty;
            var list = screen.List(model) with
            {
                Filter = screen.Check(filter) is null ? filter : string.Empty,
                Sort = screen.Columns.Contains(sort.TrimStart('-')) ? sort.TrimStart('-') : null,
                IsDescending = sort.StartsWith('-'),
                ProblemsFirst = screen.List(model).ProblemsFirst ? !kept.On.Contains($"{ProblemsInPlace}-{name}") : kept.On.Contains($"{ProblemsFirst}-{name}"),
            };
            model = screen.With(model, list);
        }

        return Enum.TryParse<ScreenName>(kept.Screen, out var front) && Enum.IsDefined(front) && front is not (ScreenName.Host or ScreenName.Rollout) ? model with { Place = new Place(front) } : model;
    }

    /// <summary>What is to be kept now, where that is something else than before.</summary>
    public static Step Remember(Step step)
    {
        var kept = Of(step.Model);
        return Text(kept) == Text(step.Model.Setup.Kept) ? step : new Step(step.Model with { Setup = step.Model.Setup with { Kept = kept } }, [.. step.Effects, new Effect.Remember(kept)]);
    }

    private static Kept Of(TuiModel model)
    {
        var fresh = new TuiModel { Setup = model.Setup };
        var lists = AllScreens.Each.OfType<IListScreen>().Select(screen => (Name: screen.Name.ToString(), List: screen.List(model), ByItself: screen.List(fresh).ProblemsFirst)).ToList();
        var others = model.Setup.Kept.On.Where(one => !one.StartsWith(ProblemsFirst, StringComparison.Ordinal) && !one.StartsWith(ProblemsInPlace, StringComparison.Ordinal));
        return model.Setup.Kept with
        {
            Place = model.Setup.Place,
            Screen = model.Place.Screen.ToString(),
            Filters = lists.Where(one => one.List.Filter.Length > 0).ToImmutableSortedDictionary(one => one.Name, one => one.List.Filter),
            Sorts = lists.Where(one => one.List.Sort is not null).ToImmutableSortedDictionary(one => one.Name, one => (one.List.IsDescending ? "-" : string.Empty) + one.List.Sort),
            On = [.. others, .. lists.Where(one => one.List.ProblemsFirst != one.ByItself).Select(one => $"{(one.List.ProblemsFirst ? ProblemsFirst : ProblemsInPlace)}-{one.Name}")],
            Commands = model.Commands,
        };
    }

    private static string Text(Kept kept) => string.Join('\n', [
        kept.Place,
        kept.Screen,
        .. kept.Filters.OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => $"{one.Key}/{one.Value}"),
        .. kept.Sorts.OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => $"{one.Key} {one.Value}"),
        .. kept.On,
        .. kept.Commands]);
}

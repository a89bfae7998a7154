using Deploy.Output;
using Deploy.Tui.Screen;
using Deploy.Tui.Screens;
using Deploy.Tui.State;

namespace Deploy.Tui.Views;

/// <summary>The second line of screens that have no title of their own.</summary>
internal static class Tabs
{
    private const string Help = "? help ";

    public static Line Of(TuiModel model, int columns)
    {
        var line = new LineMaker(columns).Add(" ");
        bool isWide = columns >= 64;
        for (var name = ScreenName.Fleet; name <= ScreenName.Audit; name++)
        {
            bool isFront = name == model.Place.Screen;
            line.Add($"{(int)name + 1} {(isWide || isFront ? name.ToString() : TextColumns.Cut(name.ToString(), 4, string.Empty))}", isFront ? Role.Title : Role.Quiet).Add("  ");
        }

        string marked = Marked(model);
        string right = line.Left >= marked.Length + Help.Length ? marked + Help : line.Left >= Help.Length ? Help : string.Empty;
        return line.ToEnd(right.Length).Add(right, Role.Quiet).Make();
    }

    private static string Marked(TuiModel model)
    {
        if (AllScreens.Of(model.Place.Screen) is not IListScreen screen || screen.List(model).Marked is not { IsEmpty: false } marked)
        {
            return string.Empty;
        }

        return model.Place.Screen == ScreenName.Fleet
            ? $"marked {ByteSize.Count(marked.Count)} of {ByteSize.Count(model.Hosts.Count)}  "
            : $"marked {ByteSize.Count(marked.Count)}  ";
    }
}

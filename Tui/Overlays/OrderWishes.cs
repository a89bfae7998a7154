using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Model.Text;
using Deploy.Tui.Keys;
using Deploy.Tui.Screens.Fleet;
using Deploy.Tui.State;
using System.Globalization;

namespace Deploy.Tui.Overlays;

/// <summary>Makes wishes of what is typed, in a form or in the palette.</summary>
internal static class OrderWishes
{
    /// <summary>What was typed.</summary>
    /// <param name="What">Plan, deploy or exec.</param>
    /// <param name="Words">The group, or the command and its arguments.</param>
    /// <param name="Hosts">For these.</param>
    internal sealed record Asked(KeyAction What, string Words, IReadOnlyList<string> Hosts)
    {
        /// <summary>A number, or empty.</summary>
        public string AllowDelete { get; init; } = string.Empty;

        /// <summary>Empty for none.</summary>
        public string Reason { get; init; } = string.Empty;
    }

    /// <summary>The step that asks for it, or why it cannot be asked for: one of the two.</summary>
    public static (Step? Step, string? Trouble) Ask(TuiModel model, Asked asked)
    {
        if (asked.Words.Length == 0)
        {
            return (null, asked.What == KeyAction.Exec ? "a command is missing: its name, then its arguments" : "a sync group is missing");
        }

        IReadOnlyList<string> unseen = ChosenHosts.Unseen(model, asked.Hosts) is { } line ? [line] : [];
        string? reason = asked.Reason.Length == 0 ? null : asked.Reason;
        if (asked.What == KeyAction.Exec)
        {
            if (ShellWords.Split(asked.Words) is not ShellLine.Split { Words: { Count: > 0 } words })
            {
                return (null, "a quote is not closed");
            }

            var exec = new JobWish { Order = Order.Exec, Hosts = asked.Hosts, Command = words[0].Text, Arguments = words.Count == 1 ? null : [.. words.Skip(1).Select(word => word.Text)], Reason = reason };
            return (Confirming.Ask(model with { Last = model.Last with { Command = asked.Words } }, exec, unseen), null);
        }

        if (asked.Words.AsSpan().IndexOfAny(' ', ',') >= 0)
        {
            return (null, "a sync group is one word");
        }

        model = model with { Last = model.Last with { Group = asked.Words } };
        if (asked.What == KeyAction.MakePlan)
        {
            return (Confirming.Ask(model, new JobWish { Order = Order.Rlist, IsPlan = true, Hosts = asked.Hosts, Group = asked.Words, Reason = reason }, []), null);
        }

        int? allow = null;
        if (asked.AllowDelete.Length > 0)
        {
            if (!int.TryParse(asked.AllowDelete, NumberStyles.None, CultureInfo.InvariantCulture, out int number) || number is < 1 or > SpecRules.MostDeletions)
            {
                return (null, $"allow-delete is a number from 1 to {SpecRules.MostDeletions}, or empty");
            }

            allow = number;
        }

        IReadOnlyList<string> warnings =
        [
            .. unseen,
            "nothing was planned: P shows first what would change",
            .. allow is null ? (string[])[] : [$"each host may delete {allow} above its guard, this once"],
        ];
        return (Confirming.Ask(model, new JobWish { Order = Order.Rsync, Hosts = asked.Hosts, Group = asked.Words, AllowDelete = allow, Reason = reason }, warnings, isAboveGuard: allow is not null), null);
    }

    /// <summary>The sync groups that hosts and jobs tell of, sorted.</summary>
    public static IReadOnlyList<string> Groups(TuiModel model)
    {
        var ofHosts = model.Hosts.Rows.SelectMany(row => row.Facts?.LastSyncs?.Keys ?? []);
        var ofJobs = Views(model).Where(view => view.Order is Order.Rsync or Order.Rlist && !view.What.Contains(' ', StringComparison.Ordinal)).Select(view => view.What);
        return [.. ofHosts.Concat(ofJobs).Where(name => name.Length > 0).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }

    /// <summary>The commands that jobs tell of, sorted.</summary>
    public static IReadOnlyList<string> Commands(TuiModel model) => [.. Views(model).Where(view => view.Order == Order.Exec).Select(view => view.What).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    private static IEnumerable<JobView> Views(TuiModel model) => model.Jobs.Newest.Select(job => model.Jobs.Find(job)?.View).OfType<JobView>();
}

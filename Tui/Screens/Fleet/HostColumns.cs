using System.Globalization;
using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Tui.Screen;
using Deploy.Tui.State;
using Deploy.Tui.State.Moments;
using Deploy.Tui.Views;

namespace Deploy.Tui.Screens.Fleet;

/// <summary>A column of the hosts as it is laid out for a width.</summary>
/// <param name="Name">Its headline, upper case.</param>
/// <param name="Width">Columns, without the gap behind.</param>
/// <param name="IsNumber">Whether it stands at the right edge.</param>
/// <param name="Cell">What it says of a host.</param>
internal sealed record HostColumn(string Name, int Width, bool IsNumber, Func<TuiModel, FleetRow, (string Text, Role Role)> Cell);

/// <summary>The columns of the hosts.</summary>
internal static class HostColumns
{
    public const int LeastHost = 16;
    public const int MostHost = 48;
    public const int LeastGroup = 6;
    public const int MostGroup = 24;

    /// <summary>In front of the first column: cursor and mark.</summary>
    public const int Before = 3;

    private const int LeastSync = 14;
    private const int LeastNow = 10;

    /// <summary>Left out in this order where the terminal is narrow.</summary>
    private static readonly string[] Droppable = ["SKEW", "LAST SYNC", "SEEN", "GROUP", "RSYNC", "NOW"];

    /// <summary>As many as fit, and what is left over given to names, groups and what runs.</summary>
    /// <param name="columns">The terminal's.</param>
    /// <param name="widths">Of the longest name and group.</param>
    public static IReadOnlyList<HostColumn> For(int columns, (int Host, int Group) widths)
    {
        List<HostColumn> all =
        [
            new("HOST", LeastHost, false, (_, host) => (host.Row.Name, Role.Plain)),
            new("GROUP", LeastGroup, false, (_, host) => (Groups(host.Row), Role.Quiet)),
            new("STATE", 7, false, (_, host) => (host.Health.Word(), StateRole(host.Health))),
            new("RSYNC", 7, false, Rsync),
            new("SEEN", 4, true, (_, host) => (host.Seen is { } seen ? Ages.Of(seen) : "never", Role.Quiet)),
            new("SKEW", 5, true, (_, host) => (Ages.Skew(host.Facts?.ClockSkewSeconds), host.IsSkewed ? Role.Warning : Role.Quiet)),
            new("LAST SYNC", LeastSync, false, Sync),
            new("NOW", LeastNow, false, (model, host) => Now(model, host)),
        ];
        foreach (string drop in Droppable)
        {
            if (Needed(all) > columns)
            {
                all.RemoveAll(column => column.Name == drop);
            }
        }

        int left = Math.Max(0, columns - Needed(all));
        Widen("HOST", widths.Host);
        Widen("GROUP", widths.Group);
        if (left >= 16)
        {
            int at = all.FindIndex(column => column.Name == "RSYNC") + 1;
            all.Insert(at == 0 ? all.Count : at, new("DEPLOY", 10, false, (_, host) => (host.Facts?.Version ?? "?", Role.Quiet)));
            left -= 11;
        }

        if (left >= 36)
        {
            all.Insert(1, new("ADDRESS", 22, false, (_, host) => (host.Facts?.Address ?? "?", Role.Quiet)));
            left -= 23;
        }

        Widen(all[^1].Name, int.MaxValue);
        return all;

        void Widen(string name, int wanted)
        {
            int at = all.FindIndex(column => column.Name == name);
            if (at >= 0 && wanted > all[at].Width)
            {
                int more = Math.Min(left, wanted - all[at].Width);
                all[at] = all[at] with { Width = all[at].Width + more };
                left -= more;
            }
        }
    }

    /// <summary>The groups of a host in one word each.</summary>
    public static string Groups(HostRow row) => row.Groups.Count switch
    {
        0 => "-",
        1 => row.Groups[0],
        _ => string.Join(',', row.Groups),
    };

    /// <summary>What runs there, or what went wrong there last.</summary>
    public static (string Text, Role Role) Now(TuiModel model, FleetRow host)
    {
        if (host.Row is { Job: { } job, Standing: { } standing })
        {
            bool isOver = model.Jobs.Find(job)?.View?.State.IsTerminal() == true;
            var (word, role) = Stands(model, job, standing);
            if (!standing.State.IsTerminal() || !isOver || !standing.State.IsGood())
            {
                return ($"{JobTag.Short(job)} {word}", role);
            }
        }

        return host.Health switch
        {
            HostHealth.Suspect => ("no answer", Role.Warning),
            HostHealth.Down => (host.Facts?.LastContact is null ? "never seen" : "no answer", Role.Bad),
            _ when host.Facts?.Running is { } running && running != host.Row.Job => (JobTag.Short(running), Role.Running),
            _ => ("-", Role.Quiet),
        };
    }

    private static (string Text, Role Role) Stands(TuiModel model, JobId job, HostStanding standing) => standing.State switch
    {
        HostState.Queued => ($"#{PlaceInQueue(model, job, standing.Host)}", Role.Quiet),
        HostState.Running => (standing.Progress is { BytesTotal: > 0 and var total, BytesDone: var done } ? Percent(done, total) : standing.Waiting is null ? "running" : "waits", Role.Running),
        HostState.Connecting => ("dial", Role.Running),
        HostState.Partial => (standing.ExitCode is { } code ? $"rc{code}" : "partial", Role.Warning),
        HostState.Failed => (standing.ExitCode is { } code and not 0 ? $"rc{code}" : "failed", Role.Bad),
        _ when standing.State.IsGood() => (standing.State.Word(), Role.Good),
        _ => (standing.State.Word(), Role.Bad),
    };

    private static string Percent(long done, long total) => Math.Clamp((long)(100.0 * done / total), 0, 100).ToString(CultureInfo.InvariantCulture) + "%";

    /// <summary>Counted for rows that are seen alone.</summary>
    private static int PlaceInQueue(TuiModel model, JobId job, string name)
    {
        int place = 0;
        foreach (var other in model.Jobs.Find(job)?.Standings.Rows ?? [])
        {
            place += other.State == HostState.Queued ? 1 : 0;
            if (other.Host == name)
            {
                break;
            }
        }

        return Math.Max(1, place);
    }

    private static (string, Role) Rsync(TuiModel model, FleetRow host) => host.Facts?.Rsync is not { } rsync ? ("  ?", Role.Quiet)
        : host.HasOldRsync ? ($"! {rsync}", Role.Warning)
        : ($"  {rsync}", Role.Plain);

    private static (string, Role) Sync(TuiModel model, FleetRow host) => host.IsSkewed ? ("! clock skew", Role.Warning)
        : host.LastSync is not { } last ? ("-", Role.Quiet)
        : ($"{(last.State == HostState.Unchanged ? "same" : last.State.Word())} {Ages.Moment(last.Ended, model.Now, model.Setup.Zone)}", last.State.IsGood() ? Role.Plain : last.State == HostState.Partial ? Role.Warning : Role.Bad);

    private static Role StateRole(HostHealth health) => health switch
    {
        HostHealth.Up => Role.Good,
        HostHealth.Suspect => Role.Warning,
        HostHealth.Down => Role.Bad,
        _ => Role.Quiet,
    };

    private static int Needed(List<HostColumn> all) => Before + all.Sum(column => column.Width + 1);
}

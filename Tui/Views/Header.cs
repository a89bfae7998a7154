using System.Globalization;
using Deploy.Output;
using Deploy.Tui.Screen;
using Deploy.Tui.State;
using Deploy.Tui.State.Moments;

namespace Deploy.Tui.Views;

/// <summary>The first line: where, how well it is reached, who, armed or not, the hosts added up, the clock. Always of now, also while the screen is frozen.</summary>
internal static class Header
{
    public static Line Of(TuiModel model, int columns)
    {
        var (link, linkRole) = Reached(model);
        string who = Who(model);
        var (armed, armedRole) = model.IsArmed ? ($"[WRITE {Ages.Clock(model.ArmedUntil!.Value, model.Setup.Zone)}]", Role.Armed) : ("[RO]", Role.Quiet);
        string clock = Ages.Clock(model.Now, model.Setup.Zone);
        string frozen = model.Frozen is null ? string.Empty : "  FROZEN";
        var counts = Counts(model).ToList();
        int countsWidth = counts.Sum(piece => TextColumns.Of(piece.Text));

        // What fits least needed goes first: the clock, then who, then the counts.
        int left = 1 + "deploy".Length + 2 + TextColumns.Of(model.Setup.Place) + 1 + link.Length + 2 + who.Length + 2 + armed.Length + frozen.Length;
        bool hasClock = left + 2 + countsWidth + 2 + clock.Length + 1 <= columns;
        bool hasWho = left + 2 + countsWidth + 1 <= columns;
        if (left - who.Length - 2 + 2 + countsWidth > columns)
        {
            counts = [($"{ByteSize.Count(model.Health.Up)} up", Role.Good), ($" {ByteSize.Count(model.Hosts.Count - model.Health.Up)} not", Role.Warning)];
            countsWidth = counts.Sum(piece => piece.Text.Length);
        }

        bool hasCounts = left - (hasWho ? 0 : who.Length + 2) + 2 + countsWidth <= columns;

        var line = new LineMaker(columns).Add(" deploy  ", Role.Title);
        int place = Math.Max(4, columns - (left - TextColumns.Of(model.Setup.Place) - (hasWho ? 0 : who.Length + 2)) - (hasCounts ? countsWidth + 2 : 0));
        line.Add(TextColumns.Cut(model.Setup.Place, place)).Add(" ").Add(link, linkRole);
        if (hasWho)
        {
            line.Add("  ").Add(who);
        }

        line.Add("  ").Add(armed, armedRole).Add(frozen, Role.Warning);
        if (hasCounts)
        {
            line.ToEnd(countsWidth + (hasClock ? clock.Length + 3 : Math.Clamp(line.Left - countsWidth - 2, 0, 2)));
            foreach (var (text, role) in counts)
            {
                line.Add(text, role);
            }

            if (hasClock)
            {
                line.Add("  ").Add(clock).Add(" ");
            }
        }

        return line.Make();
    }

    /// <summary>How well the daemons are reached, in a word or three.</summary>
    private static (string Text, Role Role) Reached(TuiModel model)
    {
        var links = model.Links.Values.Where(link => link.Self is not null || link.Trouble is not null).Select(link => (Link: link, Is: Links.Of(link, model.Now))).ToList();
        if (links.Count == 0)
        {
            return ("connecting", Role.Warning);
        }

        var live = links.Where(one => one.Is == Linked.Live).Select(one => one.Link).ToList();
        if (live.Count == links.Count)
        {
            return (live.Max(link => link.Latency) is { } latency ? $"LIVE {Milliseconds(latency)}" : "LIVE", Role.Good);
        }

        if (live.Count > 0)
        {
            return (string.Create(CultureInfo.InvariantCulture, $"LIVE {live.Count} of {links.Count}"), Role.Warning);
        }

        if (links.Where(one => one.Is == Linked.Stale).ToList() is { Count: > 0 } stale)
        {
            return (string.Create(CultureInfo.InvariantCulture, $"STALE {Math.Floor((model.Now - stale.Max(one => one.Link.Heard!.Value)).TotalSeconds)}s"), Role.Warning);
        }

        if (links.Exists(one => one.Is == Linked.Connecting))
        {
            return ("connecting", Role.Warning);
        }

        return (links.Min(one => one.Link.Again) is { } again && again > model.Now ? string.Create(CultureInfo.InvariantCulture, $"LOST, again in {Math.Ceiling((again - model.Now).TotalSeconds)}s") : "LOST", Role.Bad);
    }

    private static string Milliseconds(TimeSpan latency) => latency < TimeSpan.FromSeconds(1)
        ? string.Create(CultureInfo.InvariantCulture, $"{Math.Max(1, Math.Round(latency.TotalMilliseconds))}ms")
        : string.Create(CultureInfo.InvariantCulture, $"{Math.Min(999, latency.TotalSeconds):0.0}s");

    /// <summary>Whom the daemons take the operator for; where they do not say, whom the operator says to be.</summary>
    private static string Who(TuiModel model)
    {
        string who = model.Links.Values.Select(link => link.Self?.Who).FirstOrDefault(one => one is { Length: > 0 }) ?? model.Setup.By;
        return TextColumns.Cut(Model.Text.SafeText.Of(who, 64), 16);
    }

    private static IEnumerable<(string Text, Role Role)> Counts(TuiModel model)
    {
        var health = model.Health;
        yield return ($"{ByteSize.Count(health.Up)} up", Role.Good);
        foreach (var (count, word, role) in (IEnumerable<(int, string, Role)>)[(health.Suspects, "suspect", Role.Warning), (health.Downs, "down", Role.Bad), (health.Unknown, "unknown", Role.Quiet)])
        {
            if (count > 0)
            {
                yield return ($" {ByteSize.Count(count)} {word}", role);
            }
        }
    }
}

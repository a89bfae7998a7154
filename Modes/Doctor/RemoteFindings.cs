using System.Globalization;
using Deploy.Model.Jobs;
using Deploy.Model.Text;
using Deploy.Modes.Client.Selves;
using Deploy.Output;
using Deploy.Security.Callers;

namespace Deploy.Modes.Doctor;

/// <summary>What another host's daemon tells of itself, judged.</summary>
internal static class RemoteFindings
{
    private const long LittleSpace = 100 * 1024 * 1024; // as at home
    private static readonly TimeSpan Noticed = TimeSpan.FromSeconds(2); // less is the network's

    /// <summary>All of it. Hosts that are equal have equal findings: nothing in them changes from one moment to the next.</summary>
    /// <param name="answer">What came.</param>
    public static IReadOnlyList<Finding> Of(SelfAnswer answer)
    {
        if (answer.Self is not { } self)
        {
            return [new Finding(Grade.Problem, "asked", answer.Hint is null ? answer.Error! : $"{answer.Error}; {answer.Hint}")];
        }

        var found = new List<Finding> { new(Grade.Ok, SafeText.Of(self.Daemon, 20), $"deploy {SafeText.Of(self.Version, 40)}"), Clock(answer.Skew) };
        if (self.IsKept == false)
        {
            found.Add(new Finding(Grade.Problem, "state", "it can write no state directory: nothing that is ordered of it is recorded, and its jobs are in memory alone; give it one: --state-dir DIR"));
        }

        if (self.Pin is null)
        {
            found.Add(new Finding(Grade.Problem, "host key", $"it has none, so it speaks no TLS: deploy {SafeText.Of(self.Daemon, 20)} init there"));
        }

        if (self.Daemon == "agent")
        {
            found.Add(RsyncHoles.Of(string.Empty, self.Rsync?.Version));
        }

        found.AddRange(self.Health is { } health ? Of(health, self.Daemon) : [new Finding(Grade.Note, "host", "this version does not tell")]);
        return found;
    }

    private static IEnumerable<Finding> Of(HealthFacts health, string daemon)
    {
        yield return new Finding(health.IsRoot ? Grade.Note : Grade.Ok, "user", health.IsRoot && daemon == "proxy" ? "root: a proxy needs none of that" : SafeText.Of(health.User, 60));
        yield return health.Legacy switch
        {
            "off" => new Finding(Grade.Ok, "wires", "secure alone"),
            "loopback" => new Finding(Grade.Note, "wires", "secure, and the original's for programs of that host"),
            _ => new Finding(Grade.Note, "wires", "the original's wire is taken from the network too: docs/migrating.md"),
        };
        if (health.UnsignedLoopback)
        {
            yield return new Finding(Grade.Problem, "unsigned", "unsigned_loopback is on: every user of that host may give every order");
        }

        foreach (var part in health.Confinement)
        {
            yield return new Finding(part.IsFull ? Grade.Ok : Grade.Note, SafeText.Of(part.What, 20), SafeText.Of(part.How, 400));
        }

        if (health.StateFreeBytes is < LittleSpace and var free)
        {
            yield return new Finding(Grade.Problem, "state", $"{ByteSize.Format(free)} are free where it keeps its jobs: make room");
        }
    }

    private static Finding Clock(TimeSpan skew)
    {
        string far = string.Create(CultureInfo.InvariantCulture, $"{Math.Abs(skew.TotalSeconds):0} s {(skew < TimeSpan.Zero ? "behind" : "ahead of")} ours");
        return skew.Duration() < Noticed ? new Finding(Grade.Ok, "clock", "agrees with ours")
            : skew.Duration() < RequestGate.Skew ? new Finding(Grade.Note, "clock", $"{far}; {RequestGate.Skew.TotalSeconds:0} s are borne")
            : new Finding(Grade.Problem, "clock", $"{far}, and {RequestGate.Skew.TotalSeconds:0} s are borne: set it right");
    }
}

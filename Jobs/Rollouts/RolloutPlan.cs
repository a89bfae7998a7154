using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Deploy.Model.Jobs;

namespace Deploy.Jobs.Rollouts;

/// <summary>How so many hosts are gone through, in numbers: what a <see cref="RolloutSpec"/> says, read and reckoned.</summary>
/// <remarks>
/// Places are those of the job's list. The first <see cref="Canary"/> of them are batch 0; batch b is what lies from the end before it up to <see cref="Ends"/>[b-1]. A batch may be empty, where the
/// canary or rounding took all of it. What lies behind the last end that was named is one batch more: no host is forgotten.
/// </remarks>
internal sealed class RolloutPlan
{
    private RolloutPlan(int hosts, int parallel) => (Hosts, Parallel, Ends) = (hosts, parallel, [hosts]);

    public int Hosts { get; }

    /// <summary>Hosts that run at once.</summary>
    public int Parallel { get; private init; }

    /// <summary>Hosts that go first, alone; 0 for none.</summary>
    public int Canary { get; private init; }

    /// <summary>Where each batch ends, as a place; they never fall, and the last is <see cref="Hosts"/>.</summary>
    public IReadOnlyList<int> Ends { get; private init; }

    /// <summary>Failures that are borne; null is any number.</summary>
    public int? MaxFailures { get; private init; }

    /// <summary>The batch behind which it pauses; null for none.</summary>
    public int? PauseAfter { get; private init; }

    /// <summary>A batch with a failure is the last.</summary>
    public bool StopsOnFailure { get; private init; }

    /// <summary>How long it may start hosts, from the job's acceptance; null is no limit.</summary>
    public TimeSpan? Deadline { get; private init; }

    /// <summary>True where somebody asked for a rollout: batches are told then.</summary>
    public bool IsRollout { get; private init; }

    /// <summary>All hosts, so many at once.</summary>
    public static RolloutPlan Plain(int hosts, int parallel) => new(hosts, parallel);

    /// <summary>Reads a rollout.</summary>
    /// <param name="spec">As it was asked for.</param>
    /// <param name="hosts">How many there are; where it is not known yet, any number finds the same mistakes.</param>
    /// <param name="parallel">Hosts that run at once where it does not say.</param>
    /// <param name="plan">What it says.</param>
    /// <param name="mistake">The first thing that is wrong.</param>
    public static bool TryParse(RolloutSpec spec, int hosts, int parallel, [NotNullWhen(true)] out RolloutPlan? plan, [NotNullWhen(false)] out RolloutMistake? mistake)
    {
        plan = null;
        if (!TryReadBatches(spec.Batches, hosts, out var ends, out int named, out mistake)
            || !TryRead("canary", spec.Canary, 1, "a number of hosts from 1, or 1% to 100%", out var canary, out mistake)
            || !TryRead("max_failures", spec.MaxFailures, 0, "a number of hosts, or 1% to 100%", out var failures, out mistake)
            || !Within("max_parallel", spec.MaxParallel, 1, int.MaxValue, "a number from 1", out mistake)
            || !Within("deadline_seconds", spec.DeadlineSeconds, 1, int.MaxValue, "seconds, from 1", out mistake)
            || !Within("pause_after", spec.PauseAfter, canary is null ? 1 : 0, named, PauseExpected(canary is not null, named), out mistake))
        {
            return false;
        }

        plan = new RolloutPlan(hosts, spec.MaxParallel ?? parallel)
        {
            Canary = Math.Min(canary?.Of(hosts) ?? 0, hosts),
            Ends = ends,
            MaxFailures = failures?.Of(hosts),
            PauseAfter = spec.PauseAfter,
            StopsOnFailure = spec.OnFailure == OnFailure.Stop,
            Deadline = spec.DeadlineSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            IsRollout = true,
        };
        return true;
    }

    /// <summary>The batch of a place, the canary is 0.</summary>
    public int BatchOf(int place)
    {
        if (place < Canary)
        {
            return 0;
        }

        int batch = 0;
        while (place >= Ends[batch])
        {
            batch++;
        }

        return batch + 1;
    }

    /// <summary>The place behind a batch's last.</summary>
    public int EndOf(int batch) => batch == 0 ? Canary : Math.Max(Canary, Ends[batch - 1]);

    private static bool TryReadBatches(string? text, int hosts, out IReadOnlyList<int> ends, out int named, [NotNullWhen(false)] out RolloutMistake? mistake)
    {
        (ends, named, mistake) = ([hosts], 1, null);
        if (text is null)
        {
            return true;
        }

        var read = new List<int>();
        Portion? last = null;
        foreach (string part in text.Split(','))
        {
            if (!Portion.TryParse(part, out var end) || end.Value == 0 || (last is { } before && before.IsPercent == end.IsPercent && before.Value >= end.Value))
            {
                mistake = new RolloutMistake("batches", text, "a list of numbers or percentages of hosts that grow, e.g. 1,10%,100%");
                return false;
            }

            read.Add(Math.Clamp(end.Of(hosts), read is [.., var previous] ? previous : 0, hosts));
            last = end;
        }

        named = read.Count;
        if (read[^1] < hosts)
        {
            read.Add(hosts);
        }

        ends = read;
        return true;
    }

    private static bool TryRead(string member, string? text, int least, string expected, out Portion? portion, [NotNullWhen(false)] out RolloutMistake? mistake)
    {
        (portion, mistake) = (null, null);
        if (text is null)
        {
            return true;
        }

        if (!Portion.TryParse(text, out var read) || read.Value < least)
        {
            mistake = new RolloutMistake(member, text, expected);
            return false;
        }

        portion = read;
        return true;
    }

    private static bool Within(string member, int? value, int least, int most, string expected, [NotNullWhen(false)] out RolloutMistake? mistake)
    {
        mistake = value is null || (value >= least && value <= most) ? null : new RolloutMistake(member, value.Value.ToString(CultureInfo.InvariantCulture), expected);
        return mistake is null;
    }

    private static string PauseExpected(bool canary, int batches) =>
        $"a batch: there {(batches == 1 ? "is 1" : $"are {batches}")}, counted from 1{(canary ? "; the canary is 0" : string.Empty)}";
}

using System.Diagnostics.CodeAnalysis;
using System.Text;
using Deploy.Model.Hosts;
using Deploy.Model.Text;

namespace Deploy.Model.Jobs;

/// <summary>What a job's document may say: which member goes with which order, and what each may hold. What the members of a rollout mean together, the rollout knows.</summary>
internal static class SpecRules
{
    /// <summary>UTF-16 units of who asks, at most.</summary>
    public const int ByLetters = 256;

    /// <summary>UTF-16 units of a reason, at most.</summary>
    public const int ReasonLetters = 1024;

    /// <summary>Deletions that an order may allow, at most; more is a slip.</summary>
    public const int MostDeletions = 1_000_000_000;

    private const int RolloutLetters = 1024;
    private const int MostSeconds = 30 * 24 * 3600; // thirty days: longer is a slip
    private const int DigestLetters = 64; // SHA-256

    private static readonly Order[] OfTrees = [Order.Status, Order.Rlist, Order.Rsync, Order.Rkill];

    /// <summary>Each member: what it has to be, the orders that take it, and whether it is so. In the order in which they are told.</summary>
    private static readonly Rule[] Rules =
    [
        new("id", "a ULID: 26 characters of 0-9 and A-Z without I, L, O and U, the first up to 7"),
        new("order", "status, rlist, rsync, rkill or exec"),
        new("hosts", "a folded list of names, e.g. db-001,web-[001-040]"),
        new("group", $"the name of a sync group, one line of at most {Limits.JobSubject} letters", spec => spec.Group is not null, spec => IsLine(spec.Group!, Limits.JobSubject)) { Orders = OfTrees },
        new("origin", "what is read, one line, e.g. rsync://host/module/", spec => spec.Origin is not null, spec => IsLine(spec.Origin!, Limits.JobSubject)) { Orders = OfTrees },
        new("target", "the directory that is written, one line", spec => spec.Target is not null, spec => IsLine(spec.Target!, Limits.JobSubject)) { Orders = OfTrees },
        new("command", $"the name of a command, one line of at most {Limits.JobSubject} letters", spec => spec.Command is not null, spec => IsLine(spec.Command!, Limits.JobSubject)) { Orders = [Order.Exec] },
        new("arguments", $"at most {Limits.Arguments} words, {Limits.ArgumentBytes} bytes together, in UTF-8, none with a zero byte", spec => spec.Arguments is not null, spec => AreWords(spec.Arguments!)) { Orders = [Order.Exec] },
        new("not_after", "a moment with Z or an offset, e.g. 2026-11-22T13:00:00Z", spec => spec.NotAfter is not null),
        new("keep", "true or false", spec => spec.Keep is not null) { Orders = [Order.Rlist] },
        new("plan", "digests of 64 hexadecimal digits in lower case, each with its hosts, folded", spec => spec.Plan is not null, spec => IsPlan(spec.Plan!)) { Orders = [Order.Rsync] },
        new("allow_delete", $"a number from 1 to {MostDeletions}", spec => spec.AllowDelete is not null, spec => spec.AllowDelete is >= 1 and <= MostDeletions) { Orders = [Order.Rsync] },
        new("rollout", "an object with max_parallel, batches, canary, max_failures, pause_after, on_failure, health_check, deadline_seconds, each of them or none", spec => spec.Rollout is not null) { Orders = [Order.Rsync, Order.Exec] },
        new("rollout.max_parallel", $"a number from 1 to {Limits.Hosts}", spec => spec.Rollout?.MaxParallel is not null, spec => spec.Rollout!.MaxParallel is >= 1 and <= Limits.Hosts),
        new("rollout.batches", "ends of batches, numbers or percentages: 1,10%,100%", spec => spec.Rollout?.Batches is not null, spec => AreShares(spec.Rollout!.Batches!)),
        new("rollout.canary", "a number or a percentage: 2 or 1%", spec => spec.Rollout?.Canary is not null, spec => AreShares(spec.Rollout!.Canary!)),
        new("rollout.max_failures", "a number or a percentage: 0 or 5%", spec => spec.Rollout?.MaxFailures is not null, spec => AreShares(spec.Rollout!.MaxFailures!)),
        new("rollout.pause_after", $"the number of a batch, the canary's is 0, at most {Limits.Hosts}", spec => spec.Rollout?.PauseAfter is not null, spec => spec.Rollout!.PauseAfter is >= 0 and <= Limits.Hosts),
        new("rollout.on_failure", "stop or continue"),
        new("rollout.health_check", "true or false"),
        new("rollout.deadline_seconds", $"a number from 1 to {MostSeconds}", spec => spec.Rollout?.DeadlineSeconds is not null, spec => spec.Rollout!.DeadlineSeconds is >= 1 and <= MostSeconds),
        new("host_timeout_seconds", $"a number from 1 to {MostSeconds}", spec => spec.HostTimeoutSeconds is not null, spec => spec.HostTimeoutSeconds is >= 1 and <= MostSeconds),
        new("by", $"who asks, one line of at most {ByLetters} letters", spec => spec.By is not null, spec => IsLine(spec.By!, ByLetters)),
        new("reason", $"one line of at most {ReasonLetters} letters", spec => spec.Reason is not null, spec => IsLine(spec.Reason!, ReasonLetters)),
    ];

    /// <summary>The hosts of a spec that can be done, as far as its document tells; else the first thing that is wrong with it.</summary>
    public static bool TryCheck(JobSpec spec, [NotNullWhen(true)] out FrozenHosts? hosts, [NotNullWhen(false)] out Problem? problem)
    {
        problem = HostsProblem("hosts", spec.Hosts, out hosts) ?? Array.Find(Rules, rule => !rule.Holds(spec))?.Broken(spec) ?? Subject(spec);
        return problem is null;
    }

    /// <summary>The problem of a member whose value is of a wrong kind, missing or out of place.</summary>
    /// <param name="member">As it stands in the document, <c>rollout.canary</c> within; one that is not known is told as the document itself.</param>
    /// <param name="what">What is wrong with it.</param>
    public static Problem Broken(string member, string what) =>
        Array.Find(Rules, rule => rule.Member == member) is { } rule ? Invalid($"the member '{member}' {what}: {rule.Expected}") : Invalid($"the document {what}");

    /// <summary>True for one line of text that can be shown as it is.</summary>
    public static bool IsLine(string text, int letters) => text.Length > 0 && text.Length <= letters && SafeText.Of(text) == text;

    private static Problem? Subject(JobSpec spec) => spec.Order switch
    {
        Order.Exec => spec.Command is null ? Broken("command", "is missing for exec") : null,
        _ when spec.Group is not null => spec.Origin is not null || spec.Target is not null ? Invalid("the members 'origin' and 'target' stand beside 'group': a group, or an origin and a target") : null,
        _ when spec.Origin is null && spec.Target is null => Broken("group", $"is missing for {spec.Order.Word()}"),
        _ => spec.Origin is null ? Broken("origin", "is missing beside target") : spec.Target is null ? Broken("target", "is missing beside origin") : null,
    };

    private static Problem? HostsProblem(string member, string text, out FrozenHosts? hosts)
    {
        hosts = null;
        if (text.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            return Broken(member, "holds blanks, or what no name has");
        }

        if (!FrozenHosts.TryParse(text, out var read, out var mistake))
        {
            return Invalid($"the member '{member}', at letter {mistake.Offset + 1}: {mistake}");
        }

        hosts = text.AsSpan().ContainsAnyExcept(',') ? read : null;
        return hosts is null ? Broken(member, "names nobody") : null;
    }

    private static bool AreWords(IReadOnlyList<string> words) =>
        words.Count <= Limits.Arguments && words.Sum(word => Encoding.UTF8.GetByteCount(word)) <= Limits.ArgumentBytes && words.All(word => !word.Contains('\0', StringComparison.Ordinal) && ByteText.IsWhole(word));

    private static bool IsPlan(IReadOnlyDictionary<string, string> plan) => plan.Count > 0 && plan.All(shape =>
        shape.Key.Length == DigestLetters && shape.Key.All(char.IsAsciiHexDigitLower) && HostsProblem("plan", shape.Value, out _) is null);

    /// <summary>What numbers, percentages and lists of them are written with.</summary>
    private static bool AreShares(string text) => text.Length is > 0 and <= RolloutLetters && text.All(letter => char.IsAsciiDigit(letter) || letter is '%' or ',' or ' ');

    private static Problem Invalid(string detail) => new(ProblemTypes.Invalid, 422, "not a job that can be done", detail);

    /// <param name="Member">As it stands in the document.</param>
    /// <param name="Expected">What it is to be.</param>
    /// <param name="Stands">Whether it is there; null where that is of no matter here.</param>
    /// <param name="IsRight">Whether its value will do, where it is there; null where its kind says it all.</param>
    private sealed record Rule(string Member, string Expected, Func<JobSpec, bool>? Stands = null, Func<JobSpec, bool>? IsRight = null)
    {
        /// <summary>The orders that take it; null is all.</summary>
        public Order[]? Orders { get; init; }

        public bool Holds(JobSpec spec) => Stands?.Invoke(spec) != true || (Takes(spec.Order) && IsRight?.Invoke(spec) != false);

        public Problem Broken(JobSpec spec) => Takes(spec.Order)
            ? SpecRules.Broken(Member, "is not what it should be")
            : Invalid($"the member '{Member}' does not go with the order {spec.Order.Word()}, but with {string.Join(", ", Orders!.Select(order => order.Word()))}");

        private bool Takes(Order order) => Orders is null || Orders.Contains(order);
    }
}

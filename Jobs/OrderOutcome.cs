using Deploy.Model;

namespace Deploy.Jobs;

/// <summary>What an order asks of this host.</summary>
/// <param name="Order">Which of the five.</param>
/// <param name="Options">As it came on the wire, decoded once: a group's name, <c>ORIGIN,TARGET</c>, or <c>name,argument,…</c>.</param>
/// <param name="Peer">Who asks: address and port.</param>
internal sealed record OrderRequest(Order Order, string Options, string Peer)
{
    /// <summary>What the order is about, for records and logs: not a command's arguments, and at most <see cref="Limits.JobSubject"/> characters.</summary>
    public string Subject
    {
        get
        {
            string what = Order == Order.Exec ? Commands.CommandOrders.NameIn(Options) : Options;
            return what.Length <= Limits.JobSubject ? what : what[..Limits.JobSubject] + "…";
        }
    }
}

/// <summary>What an order came to; the wire's own form is made of it elsewhere.</summary>
internal abstract record OrderOutcome
{
    private OrderOutcome()
    {
    }

    /// <summary>The options are empty, name no group, or a group without origin or target.</summary>
    internal sealed record OptionsUnusable : OrderOutcome;

    /// <summary>The target, or an origin in the request, is not allowed.</summary>
    internal sealed record NotAllowed(string Path) : OrderOutcome;

    /// <summary>No command of that name.</summary>
    internal sealed record CommandUnknown(string Name) : OrderOutcome;

    /// <summary>A dry run that came through, for status and rlist.</summary>
    /// <param name="TransferCount">All deletions, directories included, and the regular files that would be transferred: the original's count.</param>
    /// <param name="TransferBytes">Total size of those files, bytes.</param>
    internal sealed record Previewed(long TransferCount, long TransferBytes) : OrderOutcome
    {
        /// <summary>What is new or changed, in rsync's order, as legacy JSON carries names, UTF-8; empty for status.</summary>
        public IEnumerable<ReadOnlyMemory<byte>> NewNames { get; init; } = [];

        /// <summary>What would be deleted, directories left out; empty for status.</summary>
        public IEnumerable<ReadOnlyMemory<byte>> DeletedNames { get; init; } = [];

        /// <summary>Everything that the sync would do: links, directories and attributes too.</summary>
        public long Changes { get; init; }

        /// <summary>How the target's last sync ended, where that was not well: it may have failed long after its order was answered.</summary>
        public Syncs.SyncEnd? LastSync { get; init; }
    }

    /// <summary>A sync writes this target now.</summary>
    internal sealed record AlreadyRunning(IReadOnlyList<int> Pids) : OrderOutcome;

    /// <summary>The sync runs, or is done already.</summary>
    internal sealed record SyncUnderWay(string Checksum) : OrderOutcome;

    /// <summary>rsync failed: in a dry run, or within the first second of a sync.</summary>
    /// <param name="Text">What rsync said, then what it means and the next step; ByteText.</param>
    internal sealed record SyncFailed(string Text) : OrderOutcome;

    /// <summary>The sync of this target was stopped; no pids when none ran.</summary>
    internal sealed record Stopped(IReadOnlyList<int> Pids) : OrderOutcome;

    /// <summary>A command ended, or could not start.</summary>
    /// <param name="Succeeded">Exit code 0.</param>
    /// <param name="Output">stdout and stderr in the order they came, capped.</param>
    /// <param name="CommandLine">As the original would have written it; ByteText.</param>
    internal sealed record CommandEnded(bool Succeeded, ReadOnlyMemory<byte> Output, string CommandLine) : OrderOutcome;

    /// <summary>The request took longer than max_process_timeout and was stopped.</summary>
    internal sealed record TimedOut(TimeSpan Limit) : OrderOutcome;
}

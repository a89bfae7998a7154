using Deploy.Model.Targets;

namespace Deploy.Rsync;

/// <summary>One call of rsync: what is read, what is written, and how. Origin is read, target is written.</summary>
internal sealed record SyncCall
{
    /// <summary>The rsync binary; a path. Default of the original: Agent.pm.</summary>
    public string Program { get; init; } = "/usr/bin/rsync";

    /// <summary>The options of a group that has none of its own. // original: Agent.pm</summary>
    public static readonly IReadOnlyList<string> DefaultOptions = ["--archive", "--delete", "--force"];

    /// <summary>An rsync URL, <c>host::module/path</c>, or for configured groups a local path or <c>host:path</c>.</summary>
    public required string Origin { get; init; }

    /// <summary>The local directory that is written; absolute.</summary>
    public required string Target { get; init; }

    /// <summary>Opens <see cref="Target"/> right before the run, by whatever rules hold for it; null follows its path, links and all.</summary>
    public Func<TargetHold>? Hold { get; init; }

    /// <summary>The group's own options, as words; null means <c>--archive --delete --force</c>.</summary>
    public IReadOnlyList<string>? Options { get; init; }

    /// <summary>Patterns, each passed as <c>--exclude=…</c>, before the includes.</summary>
    public IReadOnlyList<string> Excludes { get; init; } = [];

    /// <summary>Patterns, each passed as <c>--include=…</c>.</summary>
    public IReadOnlyList<string> Includes { get; init; } = [];

    /// <summary>The remote shell, passed as <c>--rsh=…</c>; null for none.</summary>
    public string? Rsh { get; init; }

    /// <summary>Leave out links that lead outside the tree (<c>--safe-links</c>).</summary>
    public bool SafeLinks { get; init; }

    /// <summary>False: no device files, sockets and FIFOs (<c>--no-devices --no-specials</c>).</summary>
    public bool Devices { get; init; } = true;

    /// <summary>Put files into place at the end (<c>--delay-updates</c>).</summary>
    public bool DelayUpdates { get; init; }

    /// <summary>The file with the password of the origin's daemon (<c>--password-file</c>); null for none.</summary>
    public string? PasswordFile { get; init; }

    /// <summary>Entries that a sync may delete before rsync stops deleting (<c>--max-delete</c>), where the options have no smaller number; null leaves it to them. Not of a dry run.</summary>
    public int? MaxDelete { get; init; }

    /// <summary>Delete at the end (<c>--delete-delay</c>), where the options delete and do not say when.</summary>
    public bool DeleteLate { get; init; }

    /// <summary>Of a dry run: count every deletion, also where the options have a <c>--max-delete</c>, which would stop the count there.</summary>
    public bool CountsAll { get; init; }

    /// <summary>Look at the origin's first level alone (<c>--dirs</c> instead of <c>--recursive</c>).</summary>
    public bool TopOnly { get; init; }

    /// <summary>Patterns that are never deleted at the target (<c>--filter=P …</c>), before all others.</summary>
    public IReadOnlyList<string> Protect { get; init; } = [];

    /// <summary>True: nothing is written (<c>--dry-run</c>).</summary>
    public bool DryRun { get; init; }

    /// <summary>Keep the names of what is new and deleted, not only the counts; memory grows with the number of changes.</summary>
    public bool KeepNames { get; init; }

    /// <summary>How much is kept of what changes.</summary>
    public ChangeReport Changes { get; init; }

    /// <summary>rsync's own I/O timeout, where the group's options do not set one.</summary>
    public TimeSpan IoTimeout { get; init; } = TimeSpan.FromMinutes(5);
}

/// <summary>What <see cref="SyncResult.Changes"/> holds.</summary>
internal enum ChangeReport
{
    /// <summary>Nothing: it is null.</summary>
    None,

    /// <summary>How many of which kind, and the first names that are deleted.</summary>
    Counts,

    /// <summary>Every change as a line too, with the time at the origin; memory grows with their number, up to a bound.</summary>
    Lines,
}

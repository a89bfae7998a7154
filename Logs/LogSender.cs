using Deploy.Logs.Places;

namespace Deploy.Logs;

/// <summary>Whose log it is, and what its process was started with.</summary>
internal sealed record LogSender
{
    /// <summary>This host's name, for syslog.</summary>
    public string Host { get; init; } = string.Empty;

    /// <summary>E.g. <c>deploy-agent</c>, for syslog.</summary>
    public string Program { get; init; } = "deploy";

    /// <summary>For syslog.</summary>
    public int ProcessId { get; init; }

    /// <summary>Where syslog listens.</summary>
    public string SyslogPath { get; init; } = "/dev/log"; // syslog(3), _PATH_LOG

    /// <summary>Whether stderr leads to the journal, which takes levels in front of lines.</summary>
    public bool IsJournal { get; init; }

    /// <summary>True when this stderr is the one that JOURNAL_STREAM names: <c>device:inode</c>, systemd.exec(5). One that was redirected since is another.</summary>
    public static bool LeadsToJournal(string? journalStream, int descriptor) =>
        journalStream is not null && FileCalls.FactsOf(descriptor) is { } facts && journalStream == FormattableString.Invariant($"{facts.Device}:{facts.Inode}");
}

using Deploy.Rsync.Arguments;

namespace Deploy.Rsync.Meaning;

/// <summary>Why a run failed.</summary>
internal static class FailureDiagnoser
{
    private const int Sigkill = 9;

    /// <param name="ending">How it ended.</param>
    /// <param name="cause">The exit code that names the cause; null for a signal.</param>
    public static Diagnosis Of(Ending ending, int? cause) => cause switch
    {
        null => BySignal(ending),
        ExitCode.Usage => Usage(ending),
        ExitCode.Protocol => new Diagnosis(Fault.Configuration, $"rsync {ending.Version} here and rsync at the origin speak no common protocol: {Reason.First(ending)}",
            "bring the older of the two up to date; a login shell that prints something breaks it too"),
        ExitCode.StartClient => OriginDiagnoser.Refused(ending),
        ExitCode.FileSelection or ExitCode.Unsupported or ExitCode.LogFile or ExitCode.MessageIo => TargetDiagnoser.Of(ending)
            ?? new Diagnosis(Fault.Configuration, $"rsync could not do what it was told (code {ExitMeaning.Text(cause)}): {Reason.First(ending)}", "look at the group's origin, target and options"),
        ExitCode.FileIo => TargetDiagnoser.Of(ending)
            ?? new Diagnosis(Fault.Disk, $"reading or writing a file failed: {Reason.First(ending)}", "look at the disk of target " + ending.Call.Target),
        ExitCode.StreamIo when Reason.Beginning(ending, "ssh: ") is not null => OriginDiagnoser.RemoteShellFailed(ending), // whichever rsync notices first
        ExitCode.SocketIo or ExitCode.StreamIo or ExitCode.Timeout or ExitCode.ConnectTimeout => OriginDiagnoser.Unreachable(ending, cause.Value),
        ExitCode.RemoteShell => OriginDiagnoser.RemoteShellFailed(ending),
        >= ExitCode.CommandFailed and <= ExitCode.CommandNotFound => OriginDiagnoser.RemoteCommandFailed(ending, cause.Value),
        ExitCode.Ipc when Reason.Beginning(ending, "rsync: ") is { } && HereIsNoShell(ending) is { } missing => missing,
        ExitCode.Signal or ExitCode.Signal1 => new Diagnosis(Fault.Crash, $"rsync was stopped by a signal that deploy did not send (exit {ExitMeaning.Text(ending.Code)})",
            "find out who stopped it: an operator, a shutdown, a process limit; then sync again"),
        _ => new Diagnosis(Fault.Crash, $"rsync broke down (exit {ExitMeaning.Text(ending.Code)}): {Reason.First(ending)}", "look for memory and process limits on this host, then sync again"),
    };

    private static Diagnosis BySignal(Ending ending)
    {
        string next = ending.Signal == Sigkill
            ? "look whether the kernel was out of memory: journalctl -k -g 'out of memory'"
            : "find out who sent it: an operator, a shutdown, a fault in rsync; then sync again";
        return new Diagnosis(Fault.Crash, $"signal {ExitMeaning.Text(ending.Signal)}, which deploy did not send, ended rsync", next);
    }

    private static Diagnosis Usage(Ending ending)
    {
        const string Unknown = ": unknown option";
        string? line = ending.Errors.Lines.FirstOrDefault(text => text.StartsWith("rsync: ", StringComparison.Ordinal) && text.EndsWith(Unknown, StringComparison.Ordinal));
        if (line is not null)
        {
            string option = line["rsync: ".Length..^Unknown.Length];
            const string Remote = "on remote machine: ";
            return option.StartsWith(Remote, StringComparison.Ordinal)
                ? new Diagnosis(Fault.Configuration, $"rsync at the origin does not know option {option[Remote.Length..]}", "take it out of the group's options, or bring rsync at the origin up to date")
                : new Diagnosis(Fault.Configuration, $"rsync {ending.Version} does not know option {option}", "mend the group's options, or install a newer rsync");
        }

        return new Diagnosis(Fault.Configuration, $"rsync refused its options: {Reason.First(ending)}", "mend the group's options; rsync --help lists those it knows");
    }

    /// <summary>Code 14 is also what rsync says when the remote shell cannot be started here.</summary>
    private static Diagnosis? HereIsNoShell(Ending ending) =>
        ending.Errors.Lines.FirstOrDefault(line => line.StartsWith("rsync: ", StringComparison.Ordinal) && line.Contains("Failed to exec ", StringComparison.Ordinal)) is { } line
            ? new Diagnosis(Fault.Configuration, $"the remote shell cannot be started here: {Reason.Shown(line)}", "install it, or mend rsh of the group; its PATH is " + RsyncEnvironment.Path)
            : null;
}

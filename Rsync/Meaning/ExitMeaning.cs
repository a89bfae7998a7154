using System.Globalization;

namespace Deploy.Rsync.Meaning;

/// <summary>From how a run ended to what it means: the table of <c>docs/rsync.md</c>.</summary>
internal static class ExitMeaning
{
    public static Verdict Of(Ending ending)
    {
        if (ending.Code == ExitCode.Success && ending.HasStatistics)
        {
            return new Verdict(SyncOutcome.Ok, null, null); // also when we asked it to stop: it was done before
        }

        if (ending.Stopped)
        {
            return new Verdict(SyncOutcome.Cancelled, null, null);
        }

        return ending.Code switch
        {
            ExitCode.Success => Failed(Fault.Configuration, "rsync ended with success, but without statistics, so nothing shows that it synced anything",
                "look for an option in the group that makes rsync do something else, such as --version, --help or --daemon"),
            ExitCode.Partial => new Verdict(SyncOutcome.Partial, PartialDiagnoser.NotTransferred(ending), null),
            ExitCode.DeleteLimit => new Verdict(SyncOutcome.Partial, PartialDiagnoser.DeletionsStopped(ending), null),
            ExitCode.Vanished when ending.Errors.DeletionsStopped => new Verdict(SyncOutcome.Partial, PartialDiagnoser.DeletionsStopped(ending), null),
            ExitCode.Vanished => new Verdict(SyncOutcome.Ok, null, "files vanished at the origin while they were read; the next sync will settle it"),
            _ => new Verdict(SyncOutcome.Failed, FailureDiagnoser.Of(ending, CauseOf(ending)), null),
        };
    }

    /// <summary>
    /// The code that names the cause: the first on stderr. Codes that mean less than failed are never taken from there,
    /// since stderr carries what the origin says.
    /// </summary>
    private static int? CauseOf(Ending ending) =>
        ending.Code is null or ExitCode.RemoteShell or (>= ExitCode.CommandFailed and <= ExitCode.CommandNotFound)
        || ending.Errors.FirstCode is null or ExitCode.Partial or ExitCode.Vanished or ExitCode.DeleteLimit
            ? ending.Code
            : ending.Errors.FirstCode;

    private static Verdict Failed(Fault fault, string what, string nextStep) => new(SyncOutcome.Failed, new Diagnosis(fault, what, nextStep), null);

    /// <summary>The number as text, the same on every host.</summary>
    internal static string Text(int? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "?";
}

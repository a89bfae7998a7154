namespace Deploy.Model;

/// <summary>A mistake of the user: print this and stop. Caught in Program alone; one line <c>deploy: error: …</c>, then <c>deploy: hint: …</c> where there is one.</summary>
internal sealed class UserError(string message, int exitCode, string? hint = null) : Exception(message)
{
    /// <summary>The exit code; <see cref="ExitCodes"/>.</summary>
    public int ExitCode { get; } = exitCode;

    /// <summary>The next step, or null.</summary>
    public string? Hint { get; } = hint;
}

/// <summary>Exit codes of the program; part of its interface. The hosts' bits of the client are set together: 6 is both.</summary>
internal static class ExitCodes
{
    public const int Ok = 0;

    /// <summary>Local error; a daemon that could not start or failed.</summary>
    public const int Failed = 1;

    /// <summary>Bit: some host failed, was partial, refused, timed out, cancelled or skipped.</summary>
    public const int HostFailed = 2;

    /// <summary>Bit: some host was unreachable or is unknown.</summary>
    public const int HostUnreachable = 4;

    /// <summary>Authentication, pin or signature, and nothing was started.</summary>
    public const int Authentication = 12;

    /// <summary>Refused, and nothing was started.</summary>
    public const int Refused = 11;

    /// <summary>A plan shows changes, and <c>--detailed-exitcode</c> was given.</summary>
    public const int Changes = 10;

    /// <summary><c>--deadline</c> passed; it was left running.</summary>
    public const int DeadlinePassed = 13;

    /// <summary>Wrong usage (sysexits.h EX_USAGE).</summary>
    public const int Usage = 64;

    /// <summary>A daemon's configuration (sysexits.h EX_CONFIG).</summary>
    public const int Configuration = 78;

    /// <summary>Interrupted by Ctrl-C: 128 + SIGINT.</summary>
    public const int Interrupted = 130;
}

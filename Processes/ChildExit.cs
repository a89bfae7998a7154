namespace Deploy.Processes;

/// <summary>How a child's first process ended: by itself with <see cref="Code"/> 0 to 255, or by <see cref="Signal"/>; exactly one of them is set.</summary>
/// <param name="Code">Exit code, null when a signal ended it.</param>
/// <param name="Signal">Signal number, null when it ended by itself.</param>
/// <param name="Stopped">True when we had asked it to stop before it ended.</param>
internal readonly record struct ChildExit(int? Code, int? Signal, bool Stopped);

/// <summary>The outcome of starting: a running child, or the reason why there is none.</summary>
internal abstract record ChildStartResult
{
    private ChildStartResult()
    {
    }

    /// <summary>It runs.</summary>
    internal sealed record Started(Child Child) : ChildStartResult;

    /// <summary>It does not: <paramref name="Errno"/> of the kernel and its text, e.g. 2 "No such file or directory".</summary>
    internal sealed record NotStarted(int Errno, string Reason) : ChildStartResult;
}

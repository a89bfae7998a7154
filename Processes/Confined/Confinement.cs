namespace Deploy.Processes.Confined;

/// <summary>What a child is held to before its program begins, by <see cref="Trampoline"/>: it ends with the daemon that started it, and, where <see cref="Writes"/> says so, writes nowhere else.</summary>
internal sealed record Confinement
{
    /// <summary>Where it may write; null leaves it all that its user may.</summary>
    public WriteAccess? Writes { get; init; }
}

/// <summary>What a child may write beside /dev/null. Reading and executing stay as its user may.</summary>
/// <param name="WorkingDirectory">All that lies below the directory that it starts in.</param>
/// <param name="Further">Absolute paths of directories, all below them too; what is not there is passed over.</param>
internal sealed record WriteAccess(bool WorkingDirectory, IReadOnlyList<string> Further);

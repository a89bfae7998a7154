using Deploy.Processes.Confined;
using Microsoft.Win32.SafeHandles;

namespace Deploy.Processes;

/// <summary>What to start. No shell stands between: <see cref="Arguments"/> reach the program word by word.</summary>
/// <remarks>Strings are <c>Model.Text.ByteText</c>: a lone surrogate U+DC80 to U+DCFF is the byte it stands for. A NUL in any of them is refused.</remarks>
internal sealed record ChildStart
{
    /// <summary>Absolute path, or a bare name that is looked up in the PATH of <see cref="Environment"/>.</summary>
    public required string Program { get; init; }

    /// <summary>argv[0], what the process list shows first; null is <see cref="Program"/>.</summary>
    public string? Name { get; init; }

    /// <summary>The arguments after argv[0].</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>The whole environment; nothing is inherited.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>Where it starts; null is <c>/</c>.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>An open directory to start in, instead of <see cref="WorkingDirectory"/>: that one, whatever its path leads to by now. Where it cannot be entered nothing starts.</summary>
    public SafeFileHandle? Directory { get; init; }

    /// <summary>What it is held to; null for nothing. Needs a <see cref="Trampoline"/>, and is nothing without.</summary>
    public Confinement? Confinement { get; init; }

    /// <summary>Takes what the child prints.</summary>
    public required IChildOutput Output { get; init; }

    /// <summary>True: stdout and stderr share one pipe, so that their order is kept, and all of it goes to <see cref="IChildOutput.OnOutput"/>.</summary>
    public bool OnePipe { get; init; }

    /// <summary>
    /// True for a command that may rightly leave a process behind (a service that it restarted): its group is then left alone when its first
    /// process ends by itself. False: the whole group is killed then. A stop always means the whole group.
    /// </summary>
    public bool MayLeaveProcesses { get; init; }
}

/// <summary>Takes a child's output as it comes, on the one thread that watches all children: must be quick and must not throw.</summary>
internal interface IChildOutput
{
    /// <summary>Bytes of stdout (and of stderr with <see cref="ChildStart.OnePipe"/>), in the order they came.</summary>
    void OnOutput(ReadOnlySpan<byte> bytes);

    /// <summary>Bytes of stderr.</summary>
    void OnError(ReadOnlySpan<byte> bytes);
}

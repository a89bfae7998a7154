using System.Globalization;
using System.Runtime.CompilerServices;
using Deploy.Processes.Spawn;

namespace Deploy.Processes.Confined;

/// <summary>
/// This program, started between the daemon and a child: what posix_spawn cannot do for the child it does itself, and then becomes the child's program. Pid, session, descriptors and environment
/// are the child's own from the start.
/// </summary>
/// <param name="Program">The path of a program that answers <see cref="Word"/>.</param>
/// <param name="Arguments">Its arguments before <see cref="Word"/>.</param>
internal sealed record Trampoline(string Program, IReadOnlyList<string> Arguments)
{
    /// <summary>The hidden mode's name: the first argument.</summary>
    public const string Word = "__exec";

    /// <summary>Its exit code when the program was not started. A program may exit with it too, and an origin's daemon can have rsync do so: it means this only together with <see cref="NotStartedText"/>, and where nothing else was said.</summary>
    public const int NotStartedCode = 126;

    /// <summary>How it begins to say why.</summary>
    public const string NotStartedText = "deploy: not started: ";

    /// <summary>The published program itself, as it runs, whatever lies at its path by now; null where it is not one file, for development.</summary>
    public static Trampoline? OfThisProgram() => RuntimeFeature.IsDynamicCodeSupported ? null : new Trampoline("/proc/self/exe", []);

    /// <summary>Whether Landlock of this kernel serves; where it does not, the rest is done all the same, and the agent has said so at its start.</summary>
    private static readonly bool CanLimitWrites = Landlock.Version() >= Landlock.OldestUsable;

    /// <summary>The start that goes by way of this; null for one that nothing is asked of, or whose program is not to be found.</summary>
    public ChildStart? Through(ChildStart start)
    {
        if (start.Confinement is not { } confinement || !ProgramLookup.TryFind(start, out string program, out _))
        {
            return null;
        }

        string directory = start.Directory is { } held ? DirectoryMark.Of(held) : DirectoryMark.Any;
        string flags = (CanLimitWrites ? confinement.Writes : null) switch { null => "-", { WorkingDirectory: true } => "write", _ => "read" };
        string[] further = [.. confinement.Writes?.Further ?? []];
        return start with
        {
            Program = Program,
            Name = Program,
            Confinement = null,
            Arguments =
            [
                .. Arguments, Word, Number(Environment.ProcessId), directory, flags, Number(further.Length), .. further, program, start.Name ?? start.Program, .. start.Arguments,
            ],
        };
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}

using Deploy.Processes.Confined;

namespace Deploy.Modes;

/// <summary><c>deploy __exec</c>: not for people; the agent starts rsync through it (docs/decisions/014).</summary>
internal static class HiddenExec
{
    public static bool IsAsked(string[] arguments) => arguments.Length > 0 && arguments[0] == Trampoline.Word;

    /// <summary>Becomes the program that is named; comes back where that is not possible.</summary>
    public static int Run() => ExecMode.Run();
}

using Deploy.Processes.Confined;

namespace Deploy.Tests.Fixtures;

/// <summary>The way to a confined child from here: the program beside the tests, which is not published, by the runtime that runs them.</summary>
internal static class JitTrampoline
{
    public static Trampoline Make() => new(Dotnet, [Path.Combine(AppContext.BaseDirectory, "deploy.dll")]);

    private static string Dotnet => Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet"
        ? Environment.ProcessPath!
        : Path.GetFullPath(Path.Combine(System.Runtime.InteropServices.RuntimeEnvironment.GetRuntimeDirectory(), "../../../dotnet"));
}

using System.Runtime.CompilerServices;
using Xunit;

namespace Deploy.Tests.EndToEnd.Tmux;

/// <summary>A test in a real terminal, tmux's: skipped, with the reason, where there is no tmux, and where the binary has no dashboard.</summary>
internal sealed class TmuxFactAttribute : FactAttribute
{
    private const string Program = "/usr/bin/tmux";

    /// <param name="needs">The mode of the binary that it is about; empty for none.</param>
    public TmuxFactAttribute(string needs = "")
    {
        if (!File.Exists(Program))
        {
            Skip = $"needs {Program}";
        }
        else if (needs.Length > 0 && !File.Exists(Path.Combine(Root(), "Modes", "Tui", "TuiCommand.cs")))
        {
            Skip = $"deploy has no mode '{needs}' yet";
        }
    }

    private static string Root([CallerFilePath] string thisFile = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "../../.."));
}

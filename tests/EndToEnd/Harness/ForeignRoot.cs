using System.Diagnostics;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.EndToEnd.Harness;

/// <summary>
/// A root directory for a published binary, <c>/deploy</c> in it, that knows nothing of this host: /proc, an empty /dev/null and what is put into it. Each program there has
/// a mount namespace of its own, so that no mount outlives it.
/// </summary>
internal sealed class ForeignRoot : IDisposable
{
    private readonly TempFolder folder = new();

    private ForeignRoot()
    {
    }

    /// <summary>Where it is on this host.</summary>
    public string Path => folder.Path;

    /// <summary>The words that run the binary in it; its arguments follow.</summary>
    public IReadOnlyList<string> Program => ["/usr/bin/unshare", "--mount", "--root=" + Path, "--mount-proc=/proc", "/deploy"];

    /// <summary>With nothing else.</summary>
    public static ForeignRoot Empty(string binary)
    {
        var root = new ForeignRoot();
        root.Fill(binary);
        return root;
    }

    /// <summary>With the C library and rsync of an old release.</summary>
    public static ForeignRoot OldRelease(string binary)
    {
        var root = new ForeignRoot();
        using var copy = Process.Start("cp", ["-a", PublishedBinary.OldRelease + "/.", root.Path]);
        Assert.True(copy.WaitForExit(ProgramRun.Limit) && copy.ExitCode == 0, $"{PublishedBinary.OldRelease} could not be copied");
        root.Fill(binary);
        return root;
    }

    /// <summary>Copies files of this host to the same places.</summary>
    public void Take(IEnumerable<string> files)
    {
        foreach (string file in files)
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path + file)!);
            File.Copy(file, Path + file, overwrite: true);
        }
    }

    /// <summary>Writes a file.</summary>
    public void Write(string path, string text)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path + path)!);
        File.WriteAllText(Path + path, text);
    }

    /// <summary>Runs the binary in it.</summary>
    public Task<ProgramRun> RunAsync(params IReadOnlyList<string> arguments) => ProgramRun.RunAsync(arguments, within: this);

    public void Dispose() => folder.Dispose();

    private void Fill(string binary)
    {
        File.SetUnixFileMode(Path, (UnixFileMode)0x1ED); // 0755: other users come in
        File.Copy(binary, folder["deploy"]);
        Directory.CreateDirectory(folder["proc"]);
        Write("/dev/null", string.Empty); // children read it
    }
}

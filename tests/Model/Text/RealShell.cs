using System.Diagnostics;
using System.Text;
using Xunit;

namespace Deploy.Tests.Model.Text;

/// <summary>The system's own /bin/sh, in an empty directory, for comparing.</summary>
internal sealed class RealShell : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string directory = Directory.CreateTempSubdirectory("deploy-sh-").FullName;

    /// <summary>The words that the shell makes of each line.</summary>
    public List<List<string>> Words(IReadOnlyList<string> lines)
    {
        const string Script = "for line do eval \"set -- $line\"; for word do printf '%s\\0' \"$word\"; done; printf '\\001\\0'; done";
        var all = new List<List<string>>();
        foreach (string[] batch in lines.Chunk(500))
        {
            var (exit, output) = Run("/bin/sh", ["-c", Script, "sh", .. batch]);
            Assert.Equal(0, exit);
            var words = new List<string>();
            foreach (string word in output.Split('\0').SkipLast(1))
            {
                if (word == "\u0001")
                {
                    all.Add(words);
                    words = [];
                }
                else
                {
                    words.Add(word);
                }
            }
        }

        return all;
    }

    /// <summary>True when the shell cannot parse the line.</summary>
    public bool Refuses(string line) => Run("/bin/sh", ["-c", "eval \"set -- $1\" 2>/dev/null", "sh", line]).Exit != 0;

    /// <summary>What a program prints on stdout, and its exit code.</summary>
    public (int Exit, string Output) Run(string program, IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
            StandardOutputEncoding = Encoding.UTF8,
            WorkingDirectory = directory,
        };
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(Patience) || !output.Wait(Patience))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{program} did not end");
        }

        return (process.ExitCode, output.Result);
    }

    /// <summary>Removes the directory, which no test may have written to.</summary>
    public void Dispose()
    {
        string[] left = Directory.GetFileSystemEntries(directory);
        Directory.Delete(directory, recursive: true);
        Assert.Empty(left);
    }
}

using System.Diagnostics;
using Deploy.Tests.Architecture;
using Xunit;

namespace Deploy.Tests.EndToEnd.Packages;

/// <summary>One run of a program of this host, e.g. a script of packaging/.</summary>
/// <param name="ExitCode">What it exited with.</param>
/// <param name="Text">Both its streams.</param>
internal sealed record ShellRun(int ExitCode, string Text)
{
    /// <summary>The longest run, for loaded machines.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    /// <summary>A file of the repository.</summary>
    public static string Repository(string path) => Path.Combine(SourceTree.Root, path);

    /// <summary>A script beside this class.</summary>
    public static string Script(string name) => Repository("tests/EndToEnd/Packages/" + name);

    /// <summary>Runs it to its end; fails with what it said, where that takes too long or it exits with anything but 0.</summary>
    public static async Task<string> DoneAsync(string program, params IEnumerable<string> arguments)
    {
        var run = await RunAsync(program, arguments);
        Assert.True(run.ExitCode == 0, $"{program} exited with {run.ExitCode}:\n{run.Text}");
        return run.Text;
    }

    /// <summary>Runs it to its end.</summary>
    /// <param name="program">Name or path.</param>
    /// <param name="arguments">What follows.</param>
    /// <param name="folder">Where it runs; null for /.</param>
    public static async Task<ShellRun> RunAsync(string program, IEnumerable<string> arguments, string folder = "/")
    {
        // Both streams into one pipe, in the order in which they were written; a daemon that was started must not hold it.
        var start = new ProcessStartInfo("sh") { RedirectStandardInput = true, RedirectStandardOutput = true, WorkingDirectory = folder };
        foreach (string argument in new[] { "-c", "exec \"$@\" 2>&1", "sh", program }.Concat(arguments))
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in new Dictionary<string, string?> { ["PACKAGE_LEVEL"] = "1", ["SOURCE_DATE_EPOCH"] = "1795374714", ["LC_ALL"] = "C.UTF-8", ["DEPLOY_KEY_CIPHER"] = null, ["HOME"] = "/nonexistent" })
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        try
        {
            await Task.WhenAll(process.WaitForExitAsync(), output).WaitAsync(Limit);
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{program} did not end within {Limit.TotalSeconds} s");
        }

        return new ShellRun(process.ExitCode, await output);
    }
}

using System.Diagnostics;
using System.Text.RegularExpressions;
using Deploy.Tests.EndToEnd.Harness;
using Deploy.Tests.Fixtures;
using Deploy.Tests.Security.Keys;
using Xunit;

namespace Deploy.Tests.Attacks.Liars;

/// <summary>The published client with a proxy that lies. Whatever it is told, it ends, with an exit code of its own, prints nothing that a terminal obeys, and no stack trace.</summary>
internal sealed partial class DeceivedClient : IDisposable
{
    /// <summary>Far above what a client needs, and far below what it is sent.</summary>
    private const long MostMemory = 400L * 1024 * 1024;

    private readonly TempFolder folder = new();

    /// <summary>Gives the order of <see cref="Story"/> through the proxy, whose key it knows.</summary>
    public Task<ProgramRun> OrderAsync(FalseProxy proxy, int exitCode, params string[] more) => RunAsync(proxy, exitCode, ["exec", "mark", "--hosts", "web-1,web-2", .. more]);

    /// <summary>Runs it, and checks what holds of every lie.</summary>
    /// <param name="proxy">The liar.</param>
    /// <param name="exitCode">What it must exit with.</param>
    /// <param name="words">What follows <c>deploy client</c>, without the options for keys.</param>
    /// <param name="known">Lines of known_agents; null for the proxy's first key.</param>
    public async Task<ProgramRun> RunAsync(FalseProxy proxy, int exitCode, IReadOnlyList<string> words, string? known = null)
    {
        string agents = folder["known_agents"], identity = folder["id"];
        await File.WriteAllTextAsync(agents, known ?? proxy.KnownLine(proxy.Keys[0]));
        await File.WriteAllTextAsync(identity, new TestKey(21, "dora").FileText);
        File.SetUnixFileMode(identity, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var run = await BoundedAsync(["client", .. words, "--via", proxy.Name, "--known-agents", agents, "--identity", identity]);
        Assert.True(run.ExitCode == exitCode, $"exit code {run.ExitCode}, not {exitCode}: {run.Out}{run.Error}");
        string all = run.Out + run.Error;
        Assert.True(all.Length < 64 * 1024, all);
        Assert.DoesNotMatch(Obeyed(), all);
        foreach (string trace in new[] { "   at ", "Exception", "this is a bug", "Unhandled" })
        {
            Assert.DoesNotContain(trace, all, StringComparison.Ordinal);
        }

        Assert.True(run.ErrorLines.Count(line => line.StartsWith("deploy: error: ", StringComparison.Ordinal)) <= 1, all);
        return run;
    }

    public void Dispose() => folder.Dispose();

    /// <summary>C0 but for line feeds, C1, and what reorders or hides (bidi, zero width).</summary>
    [GeneratedRegex("[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")]
    private static partial Regex Obeyed();

    private async Task<ProgramRun> BoundedAsync(IReadOnlyList<string> arguments)
    {
        using var process = ProgramRun.Start(arguments, new Dictionary<string, string?> { ["HOME"] = folder.Path, ["SSH_AUTH_SOCK"] = null });
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        var watch = Stopwatch.StartNew();
        long most = 0;
        while (!process.HasExited)
        {
            most = Math.Max(most, MemoryOf(process.Id));
            if (most > MostMemory || watch.Elapsed > ProgramRun.Limit)
            {
                process.Kill();
                await process.WaitForExitAsync();
                Assert.Fail($"deploy {string.Join(' ', arguments)}: {most} bytes, {watch.Elapsed.TotalSeconds:0} s; it said: {await output}{await error}");
            }

            await Task.WhenAny(process.WaitForExitAsync(), Task.Delay(50));
        }

        return new ProgramRun(process.ExitCode, await output, await error);
    }

    private static long MemoryOf(int pid)
    {
        try
        {
            return ProcFacts.ResidentBytes(pid);
        }
        catch (Exception gone) when (gone is IOException or InvalidOperationException)
        {
            return 0;
        }
    }
}

using System.Diagnostics;
using System.Text;
using Xunit;

namespace Deploy.Tests.EndToEnd.Harness;

/// <summary>One run of the published binary from start to end.</summary>
/// <param name="ExitCode">What it exited with.</param>
/// <param name="Out">Its standard output.</param>
/// <param name="Error">Its standard error.</param>
internal sealed record ProgramRun(int ExitCode, string Out, string Error)
{
    /// <summary>The longest run: far longer than any should take, so that a loaded machine fails no test.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    /// <summary>The lines of standard error.</summary>
    public IReadOnlyList<string> ErrorLines => Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Its lines of standard output.</summary>
    public IReadOnlyList<string> Lines => Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Runs it; killed, and the test failed, when it takes longer than <see cref="Limit"/>.</summary>
    /// <param name="arguments">What follows the program's name.</param>
    /// <param name="environment">Set over what this process has; null removes.</param>
    /// <param name="within">The root directory that it runs in; null is this host's.</param>
    /// <param name="link">A link to the binary, to be started in its place; null for itself.</param>
    public static async Task<ProgramRun> RunAsync(IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string?>? environment = null, ForeignRoot? within = null, string? link = null)
    {
        using var process = Start(arguments, environment, within, link);
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        try
        {
            await Task.WhenAll(process.WaitForExitAsync(), output, error).WaitAsync(Limit);
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            Assert.Fail($"deploy {string.Join(' ', arguments)} did not end within {Limit.TotalSeconds} s; it said: {await output}{await error}");
        }

        return new ProgramRun(process.ExitCode, await output, await error);
    }

    /// <summary>Starts it with its three streams in our hands (standard input at its end), and nothing of our environment that it would heed.</summary>
    public static Process Start(IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string?>? environment = null, ForeignRoot? within = null, string? link = null)
    {
        IReadOnlyList<string> program = within?.Program ?? [link ?? PublishedBinary.Path];
        var start = new ProcessStartInfo(program[0])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
            WorkingDirectory = "/",
        };
        foreach (string argument in program.Skip(1).Concat(arguments))
        {
            start.ArgumentList.Add(argument);
        }

        foreach (string name in new[] { "DEPLOY_KEY_CIPHER", "DEPLOY_API_KEY", "DEPLOY_BINARY", "NOTIFY_SOCKET", "STATE_DIRECTORY", "NO_COLOR", "HOME", "XDG_CONFIG_HOME" })
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        process.StandardInput.Close();
        return process;
    }
}

using System.Diagnostics;
using Deploy.Tests.Fixtures;

namespace Deploy.Tests.Security.Keys;

/// <summary>This host's OpenSSH.</summary>
internal static class OpenSsh
{
    /// <summary>Runs a program of it to its end; what it printed. An exit code other than 0 fails the test.</summary>
    public static string Run(string tool, string? agentSocket, params string[] arguments)
    {
        var start = new ProcessStartInfo(tool) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        start.Environment["SSH_AUTH_SOCK"] = agentSocket ?? "/nonexistent";
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        if (!process.WaitForExit(TimeSpan.FromSeconds(60)))
        {
            process.Kill();
        }

        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{tool} {string.Join(' ', arguments)}: {error.Result}");
    }

    /// <summary>A new key in the folder, by ssh-keygen; its path.</summary>
    public static string Key(TempFolder folder, string name, string passphrase = "", string type = "ed25519", string comment = "alice@laptop")
    {
        Run("ssh-keygen", null, "-q", "-t", type, "-N", passphrase, "-C", comment, "-f", folder[name]);
        return folder[name];
    }
}

/// <summary>A real ssh-agent with its socket in the test's folder; stopped and waited for by Dispose.</summary>
internal sealed class RealAgent : IDisposable
{
    private readonly Process process;

    public RealAgent(TempFolder folder)
    {
        Socket = folder["agent"];
        process = Process.Start(new ProcessStartInfo("ssh-agent") { ArgumentList = { "-D", "-a", Socket }, RedirectStandardOutput = true })!;
        Assert(SpinWait.SpinUntil(() => File.Exists(Socket) || process.HasExited, TimeSpan.FromSeconds(20)) && !process.HasExited);
    }

    public string Socket { get; }

    /// <summary>Gives it a key.</summary>
    public void Add(string path) => OpenSsh.Run("ssh-add", Socket, "-q", path);

    public void Dispose()
    {
        process.Kill();
        process.WaitForExit();
        process.Dispose();
    }

    private static void Assert(bool started) => Xunit.Assert.True(started, "ssh-agent does not start");
}

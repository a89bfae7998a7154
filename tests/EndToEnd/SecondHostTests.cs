using System.Diagnostics;
using System.Security.Cryptography;
using Deploy.Security.Keys;
using Deploy.Tests.Architecture;
using Deploy.Tests.EndToEnd.Faults;
using Deploy.Tests.EndToEnd.Harness;
using Deploy.Tests.Fixtures;
using Xunit;
using Xunit.Abstractions;

namespace Deploy.Tests.EndToEnd;

/// <summary>
/// From nothing to a signed order on another host, a network namespace with an address of its own: with the three commands of the README, and with curl and openssl alone.
/// </summary>
[Trait("Category", "EndToEnd")]
public class SecondHostTests(ITestOutputHelper output)
{
    private const string Laptop = "10.99.0.1";
    private const string Host = "10.99.0.2";

    [NetworkFact]
    public async Task Three_commands_lead_to_a_signed_status_on_it_and_curl_and_openssl_get_one_too()
    {
        using var folder = new TempFolder();
        using var laptop = new PrivateNetwork();
        using var host = new PrivateNetwork();
        laptop.LinkTo(host, Laptop, Host);
        using var origin = host.Run(() => TestOrigin.Start(folder));
        string alice = SshKeyFile.Create(folder["alice"], "alice").Key.ToString();
        var environment = new Dictionary<string, string?> { ["XDG_CONFIG_HOME"] = folder["config"], ["XDG_STATE_HOME"] = folder["journal"], ["SSH_AUTH_SOCK"] = null };
        string config = folder["agent/agent.toml"];
        Directory.CreateDirectory(folder["www"]);

        var watch = Stopwatch.StartNew();
        var made = await Ok(host.Run(() => ProgramRun.RunAsync(
            ["agent", "init", "--config", config, "--name", Host, "--allow", alice, "--group", "site", "--origin", origin.Site, "--target", folder["www/site"]], environment)));
        string pin = made.Lines.First(line => line.StartsWith("pin ", StringComparison.Ordinal))[4..].Trim();
        await using var agent = await host.Run(() => RunningSetUp.StartAsync("agent", config, folder["agent/state"]));
        await Ok(laptop.Run(() => ProgramRun.RunAsync(["client", "trust", Host, pin], environment)));
        var status = await Ok(laptop.Run(() => ProgramRun.RunAsync(["client", "status", "site", "--hosts", Host, "--identity", folder["alice"]], environment)));
        output.WriteLine($"init, start, trust and a signed status took {watch.Elapsed.TotalMilliseconds:0} ms");
        Assert.Contains("1 host: 1 ok", status.Out, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["www/site"]), "a status wrote");

        await ShellAsync(laptop, "openssl genpkey -algorithm ed25519 -out \"$1\" && chmod 600 \"$1\"", folder["key.pem"]);
        string[] script = ["docs/examples/signed-status.sh", folder["key.pem"], Host + ":3440", PinOf(folder["agent/host_key.pem"]), Host, "site"];
        string refused = await ShellAsync(laptop, "sh \"$@\"; echo \"exit $?\"", script);
        Assert.Contains("unauthenticated", refused, StringComparison.Ordinal);
        Assert.EndsWith("}\nexit 1\n", refused, StringComparison.Ordinal);
        string line = await ShellAsync(laptop, KeyLine(), folder["key.pem"]);
        await Ok(host.Run(() => ProgramRun.RunAsync(["agent", "init", "--config", config, "--allow", line.Trim()], environment)));
        string answered = await ShellAsync(laptop, "sh \"$@\"; echo \"exit $?\"", script);
        Assert.Contains("\"counts\":{\"ok\":1}", answered, StringComparison.Ordinal);
        Assert.EndsWith("}\nexit 0\n", answered, StringComparison.Ordinal);
        Assert.Contains("pinned public key", await ShellAsync(laptop, "sh \"$@\" || true", [.. script[..3], PinOf(folder["agent/host_key.pem"])[..^3] + "AA=", .. script[4..]]), StringComparison.Ordinal);
        Assert.Equal(0, await agent.StopAsync());
    }

    private static async Task<ProgramRun> Ok(Task<ProgramRun> running)
    {
        var run = await running;
        Assert.True(run.ExitCode == 0, $"exit {run.ExitCode}: {run.Out}{run.Error}");
        return run;
    }

    /// <summary>The command with which docs/signing.md makes a line of authorized_operators.</summary>
    private static string KeyLine()
    {
        string command = File.ReadLines(Path.Combine(SourceTree.Root, "docs/signing.md")).Single(line => line.Contains("echo \"ssh-ed25519 $(", StringComparison.Ordinal));
        return command.Trim().Replace("-in key.pem", "-in \"$1\"", StringComparison.Ordinal);
    }

    /// <summary>What curl takes as a pin: the SHA-256 of the SubjectPublicKeyInfo, in base64.</summary>
    private static string PinOf(string keyFile)
    {
        using var key = ECDsa.Create();
        key.ImportFromPem(File.ReadAllText(keyFile));
        return Convert.ToBase64String(SHA256.HashData(key.ExportSubjectPublicKeyInfo()));
    }

    /// <summary>What it printed, standard error behind standard output.</summary>
    private static async Task<string> ShellAsync(PrivateNetwork network, string command, params string[] arguments)
    {
        using var process = network.Run(() => Process.Start(new ProcessStartInfo("/bin/sh", ["-c", command, "sh", .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = SourceTree.Root })!);
        var (printed, complained) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync().WaitAsync(ProgramRun.Limit);
        return await printed + await complained;
    }
}

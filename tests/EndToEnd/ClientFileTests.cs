using System.Text;
using Deploy.Tests.EndToEnd.Harness;
using Deploy.Tests.Fixtures;
using Deploy.Tests.Protocol;
using Xunit;

namespace Deploy.Tests.EndToEnd;

/// <summary>client.toml of a real user: where it is looked for, what beats it, and that its absence harms nothing.</summary>
[Trait("Category", "EndToEnd")]
public class ClientFileTests
{
    /// <summary>What auth_key begins with for these keys: their md5.</summary>
    private const string OfFile = "auth_key=" + "8c7dd922ad47494fc02c388e12c00eac"; // "file"
    private const string OfEnvironment = "auth_key=" + "0cbc6611f5540bd0809a388dc95a615b"; // "Test"
    private const string OfLine = "auth_key=" + "33e1b232a4e6fa0028a6670753749a17"; // "s3cret"

    [Fact]
    public async Task The_command_line_beats_the_environment_and_that_the_file()
    {
        var sent = new List<string>();
        await using var server = new ScriptedServer(peer =>
        {
            sent.Add(Encoding.UTF8.GetString(peer.Request));
            return peer.SendAsync(WireRecording.FromServer("plain_status_changes"));
        });
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder["home/.config/deploy"]);
        await File.WriteAllTextAsync(folder["home/.config/deploy/client.toml"], $"output = \"json\"\nkey_cipher_file = \"{folder["key"]}\"\nport = {server.Port}\n");
        await File.WriteAllTextAsync(folder["key"], "file\n");
        await File.WriteAllTextAsync(folder["other"], "s3cret\n");
        string[] order = ["client", "status", "site", "--hosts", "127.0.0.1"];
        var home = new Dictionary<string, string?> { ["HOME"] = folder["home"] };
        var run = await ProgramRun.RunAsync(order, home);
        Assert.Equal((0, string.Empty), (run.ExitCode, run.Error));
        Assert.StartsWith("{\n", run.Out, StringComparison.Ordinal);
        home["DEPLOY_KEY_CIPHER"] = "Test";
        Assert.Equal(0, (await ProgramRun.RunAsync(order, home)).ExitCode);
        Assert.Equal(0, (await ProgramRun.RunAsync([.. order, "--key-cipher-file", folder["other"]], home)).ExitCode);
        Assert.Equal(3, sent.Count);
        Assert.Contains(OfFile, sent[0], StringComparison.Ordinal);
        Assert.Contains(OfEnvironment, sent[1], StringComparison.Ordinal);
        Assert.Contains(OfLine, sent[2], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("/dev/null", null)]
    [InlineData("/nonexistent", "relative/path")]
    [InlineData("/nonexistent", "/proc/self/mem")]
    public async Task Without_a_home_or_a_file_in_it_an_order_goes_out(string? home, string? configHome)
    {
        await using var server = ScriptedServer.Answering(WireRecording.FromServer("plain_status_changes"));
        var run = await ProgramRun.RunAsync(
            ["client", "status", "site", "--hosts", $"127.0.0.1:{server.Port}", "--key-cipher", "k"],
            new Dictionary<string, string?> { ["HOME"] = home, ["XDG_CONFIG_HOME"] = configHome });
        Assert.Equal((0, 1), (run.ExitCode, server.Connections));
    }

    [Fact]
    public async Task A_broken_file_stops_deploy_client_the_mode_and_not_deploy_client_the_name()
    {
        await using var server = ScriptedServer.Answering(WireRecording.FromServer("plain_status_changes"));
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder["deploy"]);
        await File.WriteAllTextAsync(folder["deploy/client.toml"], "port = \"x\"\nvia = 5\n");
        var environment = new Dictionary<string, string?> { ["XDG_CONFIG_HOME"] = folder.Path };
        var run = await ProgramRun.RunAsync(["client", "status", "site", "--hosts", $"127.0.0.1:{server.Port}"], environment);
        Assert.Equal((1, string.Empty, 0), (run.ExitCode, run.Out, server.Connections));
        Assert.Equal(3, run.ErrorLines.Count);
        Assert.All(run.ErrorLines.Take(2), line => Assert.StartsWith($"deploy: error: {folder["deploy/client.toml"]}:", line, StringComparison.Ordinal));

        File.CreateSymbolicLink(folder["deploy-client"], PublishedBinary.Path);
        var legacy = await ProgramRun.RunAsync(["--order=status", "--options=site", $"--hosts=127.0.0.1:{server.Port}"], environment, link: folder["deploy-client"]);
        Assert.Equal((0, 1), (legacy.ExitCode, server.Connections));
    }
}

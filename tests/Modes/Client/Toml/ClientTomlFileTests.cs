using System.Runtime.CompilerServices;
using System.Text;
using Deploy.Config;
using Deploy.Model;
using Deploy.Modes;
using Deploy.Modes.Client;
using Deploy.Modes.Client.Toml;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.Modes.Client.Toml;

public class ClientTomlFileTests
{
    private const int Patience = 60_000;

    [Fact]
    public void Broken_files_say_all_that_is_wrong_with_them() =>
        Golden.Golden.Verify(BrokenCases.Run(Path.Combine(Here(), "Broken.cases"), "client.toml", (path, read) => ClientTomlFile.Read(path, read) switch
        {
            ClientConfig.Valid valid => ([], valid.Warnings),
            ClientConfig.Invalid invalid => (invalid.Errors, invalid.Warnings),
            _ => throw new InvalidOperationException(),
        }), "Broken");

    [Fact]
    public void Every_key_reaches_its_setting()
    {
        var read = Read("via = \"p:1\"\nidentity = \"/i\"\nknown_agents = \"/a\"\noutput = \"json\"\ntimeout = \"1m30s\"\nkey_cipher_file = \"/k\"\napi_key_file = \"/l\"\nport = 9\nparallel = 8\n");
        Assert.Equal(
            new ClientDefaults
            {
                Via = "p:1",
                Identity = "/i",
                KnownAgents = "/a",
                Output = Printing.Json,
                Timeout = TimeSpan.FromSeconds(90),
                KeyCipherFile = new("/k", new Position("c", 6, 19)),
                ApiKeyFile = new("/l", new Position("c", 7, 16)),
                Port = 9,
                Parallel = 8,
            },
            read.Defaults);
        Assert.Empty(read.Warnings);
        Assert.Equal(new Position("c", 8, 1), read.Places["port"]);
        Assert.Equal(ClientDefaults.None, Read(string.Empty).Defaults);
    }

    [Theory]
    [InlineData("/x", "/home/a", "/x/deploy/client.toml")]
    [InlineData(null, "/home/a", "/home/a/.config/deploy/client.toml")]
    [InlineData("relative", "/home/a", "/home/a/.config/deploy/client.toml")]
    [InlineData(null, "relative", null)]
    [InlineData(null, null, null)]
    public void The_users_file_is_looked_for_before_that_of_the_system(string? configHome, string? home, string? own) =>
        Assert.Equal(own is null ? [ClientFile.SystemPath] : [own, ClientFile.SystemPath], ClientFile.Places(configHome, home));

    [Fact]
    public void A_file_that_is_there_is_found_and_one_that_is_named_is_taken_as_it_is()
    {
        using var folder = new TempFolder();
        Assert.True(ClientFile.Find(null, folder.Path, null) is null or ClientFile.SystemPath);
        Assert.True(ClientFile.Find(null, "/dev/null/none", "/dev/null") is null or ClientFile.SystemPath);
        Directory.CreateDirectory(folder["deploy"]);
        File.WriteAllText(folder["deploy/client.toml"], string.Empty);
        Assert.Equal(folder["deploy/client.toml"], ClientFile.Find(null, folder.Path, "/home/a"));
        Assert.Equal("other.toml", ClientFile.Find("other.toml", folder.Path, "/home/a"));
    }

    [Fact]
    public void The_command_line_beats_the_file_and_the_file_the_defaults()
    {
        var file = new ClientDefaults { Timeout = TimeSpan.FromSeconds(7), Port = 9, Parallel = 3 };
        var input = new ClientInput { Order = "status", Hosts = "a" };
        var (none, byFile, byLine) = (
            input.ToSettings(3440, ExitCodes.Usage),
            input.ToSettings(3440, ExitCodes.Usage, ClientInput.OrderSeconds, file),
            (input with { Port = "5", Parallel = "2", ThreadTimeout = "4" }).ToSettings(3440, ExitCodes.Usage, ClientInput.OrderSeconds, file));
        Assert.Equal((3440, 256, 5, 5), (none.Hosts[0].Port, none.Parallel, none.ThreadTimeout.TotalSeconds, none.SocketTimeout.TotalSeconds));
        Assert.Equal((9, 3, 7, 7), (byFile.Hosts[0].Port, byFile.Parallel, byFile.ThreadTimeout.TotalSeconds, byFile.SocketTimeout.TotalSeconds));
        Assert.Equal((5, 2, 4, 7), (byLine.Hosts[0].Port, byLine.Parallel, byLine.ThreadTimeout.TotalSeconds, byLine.SocketTimeout.TotalSeconds));
    }

    [Fact(Timeout = Patience)]
    public async Task An_order_is_printed_as_the_file_asks_unless_the_command_line_does()
    {
        await using var server = ScriptedServer.Answering(Protocol.WireRecording.FromServer("plain_status_changes"));
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder["c.toml"], $"output = \"json\"\nport = {server.Port}\n");
        string[] order = ["client", "status", "site", "--hosts", "127.0.0.1", "--key-cipher", "k", "--config", folder["c.toml"]];
        var json = new ClientHarness();
        Assert.Equal(ExitCodes.Ok, await json.DeployAsync(order));
        Assert.StartsWith("{\n", json.Output, StringComparison.Ordinal);
        var text = new ClientHarness();
        Assert.Equal(ExitCodes.Ok, await text.DeployAsync([.. order, "--json", "false"]));
        Assert.DoesNotContain("{", text.Output, StringComparison.Ordinal);
        Assert.Equal(2, server.Connections);
    }

    [Fact(Timeout = Patience)]
    public async Task The_files_port_is_the_agents_and_not_that_of_the_form_with_order()
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder["c.toml"], "port = 1\n");
        var legacy = new ClientHarness();
        await legacy.DeployAsync("client", "--order=status", "--options=site", "--hosts=127.250.9.1", "--config", folder["c.toml"], "--json");
        Assert.Contains("can't connect to 127.250.9.1:3441", legacy.Output, StringComparison.Ordinal);
        var ours = new ClientHarness();
        await ours.DeployAsync("client", "status", "site", "--legacy", "--hosts=127.250.9.1", "--config", folder["c.toml"], "--json");
        Assert.Contains("can't connect to 127.250.9.1:1\"", ours.Output, StringComparison.Ordinal);
    }

    [Fact(Timeout = Patience)]
    public async Task A_broken_file_stops_the_order_with_every_mistake_on_a_line_of_its_own()
    {
        await using var server = ScriptedServer.Answering([]);
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder["c.toml"], "output = \"xml\"\ntimeout = 5\n");
        var harness = new ClientHarness();
        Assert.Equal(ExitCodes.Failed, await harness.DeployAsync("client", "status", "site", "--hosts", $"127.0.0.1:{server.Port}", "--config", folder["c.toml"]));
        string[] lines = harness.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, lines.Length);
        Assert.StartsWith($"deploy: error: {folder["c.toml"]}:1:10: output is 'xml'", lines[0], StringComparison.Ordinal);
        Assert.StartsWith($"deploy: error: {folder["c.toml"]}:2:11: timeout is 5 without a unit", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("deploy: hint: nothing was sent", lines[2], StringComparison.Ordinal);
        Assert.Equal(0, server.Connections);
    }

    [Fact(Timeout = Patience)]
    public async Task A_file_that_was_named_must_be_there()
    {
        var harness = new ClientHarness();
        Assert.Equal(ExitCodes.Failed, await harness.DeployAsync("client", "status", "site", "--hosts", "127.0.0.1:1", "--config", "/nonexistent/c.toml"));
        Assert.StartsWith("deploy: error: /nonexistent/c.toml: cannot be read: no such file\n", harness.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_keys_file_is_read_when_it_is_needed_and_its_mistake_has_a_place()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["key"], "from the file\n");
        var named = new Positioned<string>(folder["key"], new Position("c.toml", 1, 19));
        Assert.Equal("from the file", Secrets.Find(null, null, "DEPLOY_TEST_NO_SUCH", named)!.Reveal());
        Assert.Equal("typed", Secrets.Find("typed", null, "DEPLOY_TEST_NO_SUCH", new("/nonexistent/key", default))!.Reveal());
        var error = Assert.Throws<UserError>(() => Secrets.Find(null, null, "DEPLOY_TEST_NO_SUCH", named with { Value = "/nonexistent/key" }));
        Assert.Equal(("c.toml:1:19: the key file /nonexistent/key: it is not there", ExitCodes.Failed), (error.Message, error.ExitCode));
    }

    private static ClientConfig.Valid Read(string text) => Assert.IsType<ClientConfig.Valid>(ClientTomlFile.Read("c", _ => new FileContent.Read(Encoding.UTF8.GetBytes(text))));

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}

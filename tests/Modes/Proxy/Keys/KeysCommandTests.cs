using Deploy.Model;
using Deploy.Modes;
using Deploy.Modes.Proxy;
using Deploy.Modes.Proxy.Keys;
using Deploy.Security;
using Deploy.Security.Channel;
using Deploy.Tests.Fixtures;
using Deploy.Tests.Modes.Client;
using Xunit;

namespace Deploy.Tests.Modes.Proxy.Keys;

public sealed class KeysCommandTests : IDisposable
{
    private const string Config = """
        # ours
        [allow]
        hosts = ["127.0.0.1"]
        [hosts]
        web-1 = { address = "127.0.0.1" }
        web-2 = { address = "127.0.0.1" }
        [groups]
        web = "web-[1-2]"
        [api_keys.old]
        sha256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08" # of test
        groups = ["web"]

        """;

    private readonly TempFolder folder = new();

    public KeysCommandTests() => File.WriteAllText(folder["proxy.toml"], Config);

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_key_is_shown_once_and_opens_its_groups_until_it_is_revoked()
    {
        var (code, key, said) = await RunAsync("add", "ci", "--groups", "web");
        Assert.Equal(0, code);
        Assert.Matches("^deploy-key-[a-z2-7]{52}\n$", key);
        Assert.Contains("Authorization: Bearer", said, StringComparison.Ordinal);
        Assert.Contains("authorized_operators", said, StringComparison.Ordinal);
        string file = File.ReadAllText(folder["api_keys.toml"]);
        Assert.DoesNotContain(key.Trim(), file, StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder["api_keys.toml"]) & ~UnixFileMode.GroupRead);
        var log = new ListLog();
        var keys = new ApiKeys([]) { Others = new MadeKeysInForce(folder["api_keys.toml"], log).Now };
        Assert.Equal("ci", keys.Find(new Secret(key.Trim()))!.Name);
        Assert.Equal(["web"], keys.Find(new Secret(key.Trim()))!.Groups);

        (code, string listed, _) = await RunAsync("list");
        Assert.Equal(0, code);
        Assert.Matches($"old +web +- +.*proxy.toml\nci +web +20.*Z +.*api_keys.toml\n", listed);
        Assert.Equal(0, (await RunAsync("revoke", "ci")).Code);
        Assert.Null(keys.Find(new Secret(key.Trim())));
        Assert.Equal(1, (await RunAsync("revoke", "ci")).Code);
        Assert.Equal(Config, File.ReadAllText(folder["proxy.toml"]));
        Assert.Equal(["api_keys.toml", "proxy.toml"], Directory.GetFiles(folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Nothing_is_changed_by_what_is_wrong()
    {
        Assert.Equal(0, (await RunAsync("add", "ci")).Code);
        byte[] before = File.ReadAllBytes(folder["api_keys.toml"]);
        foreach (var (arguments, exit, said) in new (string[], int, string)[]
        {
            (["add", "ci"], 1, "there is a key ci already"),
            (["add", "old"], 1, "there is a key old already"),
            (["add", "x", "--groups", "wbe"], 64, "did you mean 'web'?"),
            (["add", "-x"], 64, "-x"),
            (["add", "a b"], 64, "no name for a key"),
            (["revoke", "old"], 1, "yours to change"),
            (["revoke", "nobody"], 1, "there is no key 'nobody'"),
        })
        {
            var (code, output, error) = await RunAsync(arguments);
            Assert.Equal((exit, string.Empty), (code, output));
            Assert.Contains(said, error, StringComparison.Ordinal);
        }

        Assert.Equal(before, File.ReadAllBytes(folder["api_keys.toml"]));
    }

    [Fact]
    public async Task The_hosts_key_is_pinned_for_curl_and_one_that_cannot_be_read_is_said()
    {
        var made = HostKeyFile.LoadOrMake(folder["host_key.pem"], DateTimeOffset.UnixEpoch, out _);
        Assert.Contains($"--pinnedpubkey {made.Pin.ForCurl} ", (await RunAsync("add", "a")).Error, StringComparison.Ordinal);
        Assert.Matches("^sha256//[A-Za-z0-9+/]{43}=$", made.Pin.ForCurl);
        int number = 0;
        foreach (string damaged in new[] { "", "x", "-----BEGIN CERTIFICATE-----\n????\n-----END CERTIFICATE-----\n", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----\n" })
        {
            File.WriteAllText(folder["host_key.pem"], damaged);
            var (code, key, said) = await RunAsync("add", $"b{++number}");
            Assert.Equal(0, code);
            Assert.StartsWith("deploy-key-", key, StringComparison.Ordinal);
            Assert.Contains("sha256//PIN", said, StringComparison.Ordinal);
            Assert.Single(said.Split('\n'), line => line.StartsWith($"deploy: warning: host key {folder["host_key.pem"]} ", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Comments_stay_where_an_operator_wrote_them()
    {
        Assert.Equal(0, (await RunAsync("add", "a")).Code);
        File.AppendAllText(folder["api_keys.toml"], "\n# for the night shift\n");
        Assert.Equal(0, (await RunAsync("add", "b")).Code);
        Assert.Equal(0, (await RunAsync("add", "c", "--groups", "web")).Code);
        Assert.Equal(0, (await RunAsync("revoke", "a")).Code);
        string text = File.ReadAllText(folder["api_keys.toml"]);
        Assert.Contains("# for the night shift\n\n[api_keys.b]\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("api_keys.a", text, StringComparison.Ordinal);
        var valid = Assert.IsType<ProxyConfig.Valid>(ProxyFile.Read(folder["proxy.toml"], ProxyOverrides.None, RegularFile.Read));
        Assert.Equal(["b", "c"], valid.Settings.MadeKeys.Select(key => key.Name));
        Assert.Equal(["old"], valid.Settings.ApiKeys.Select(key => key.Name));
    }

    [Fact]
    public async Task A_file_with_mistakes_is_an_error_and_what_was_in_force_stays()
    {
        var (_, key, _) = await RunAsync("add", "ci");
        var log = new ListLog();
        var made = new MadeKeysInForce(folder["api_keys.toml"], log);
        Assert.NotNull(made.Now().Find(new Secret(key.Trim())));
        File.AppendAllText(folder["api_keys.toml"], "oops\n");
        Assert.NotNull(made.Now().Find(new Secret(key.Trim())));
        Assert.Contains(log.Entries, entry => entry.Message.Contains("has mistakes", StringComparison.Ordinal));
        Assert.Equal(78, (await RunAsync("add", "more")).Code);
        File.Delete(folder["api_keys.toml"]);
        Assert.Null(made.Now().Find(new Secret(key.Trim())));
    }

    [Fact]
    public async Task A_key_that_is_revoked_behind_a_link_or_by_a_file_of_the_same_size_and_time_opens_nothing()
    {
        string key = (await RunAsync("add", "ci")).Output.Trim();
        string file = folder["api_keys.toml"], real = folder["real.toml"];
        File.Move(file, real);
        File.CreateSymbolicLink(file, real);
        var log = new ListLog();
        var made = new MadeKeysInForce(file, log);
        Assert.NotNull(made.Now().Find(new Secret(key)));
        var time = File.GetLastWriteTimeUtc(real);
        string other = File.ReadAllText(real).Replace("sha256 = \"", "sha256 = \"00000000", StringComparison.Ordinal).Remove(File.ReadAllText(real).IndexOf("sha256 = \"", StringComparison.Ordinal) + 18, 8);
        Assert.Equal(new FileInfo(real).Length, other.Length);
        File.WriteAllText(real, other);
        File.SetLastWriteTimeUtc(real, time);
        Assert.Null(made.Now().Find(new Secret(key)));
        Assert.Contains(log.Entries, entry => entry.Message.EndsWith("1 API keys of it are in force", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Of_a_file_that_others_may_write_to_no_key_is_taken()
    {
        string key = (await RunAsync("add", "ci")).Output.Trim(), file = folder["api_keys.toml"];
        var log = new ListLog();
        var made = new MadeKeysInForce(file, log);
        Assert.NotNull(made.Now().Find(new Secret(key)));
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupWrite);
        Assert.Null(made.Now().Find(new Secret(key)));
        Assert.Null(made.Now().Find(new Secret(key)));
        Assert.Equal($"{file}: others may write to it, mode 0620 (chmod go-w {file}): none of its API keys is taken", Assert.Single(log.Entries).Message);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Assert.NotNull(made.Now().Find(new Secret(key)));
    }

    private async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        var harness = new ClientHarness();
        int code = await harness.DeployAsync(["proxy", "keys", .. arguments, "--config", folder["proxy.toml"]]);
        return (code, harness.Output, harness.Error);
    }
}

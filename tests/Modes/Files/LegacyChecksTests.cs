using Deploy.Config;
using Deploy.Modes.Agent;
using Deploy.Modes.Files.Checking;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.Modes.Files;

/// <summary>What check says of an INI file whose words mean something else than they did to the original.</summary>
public sealed class LegacyChecksTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void An_agents_file_is_told_what_changed_at_its_place()
    {
        var changed = Changed("agent.ini", """
            [server]
            key_cipher = secret
            user = daemon
            max_process_timeout = 20
            [allow::hosts]
            host[] = 10.1.2.0/30
            host[] = 10.1.2.9
            [allow::paths]
            path[] = /srv/[a-z]+/www
            path[] = /srv/a.b
            [rsync::group::url]
            dest = rsync://origin.example.net/site/
            src = /srv/a.b/site
            exclude[] = *.tmp
            include[] = keep.tmp
            option[] = -avn
            """);
        Assert.Equal(
            [(3, "supplementary groups"), (4, "20 s"), (6, "10.1.2.0/30:"), (9, "/srv/[a-z]+/www"), (12, "rsync://"), (15, "excludes before its includes"), (16, "dry run")],
            changed.Select(warning => (warning.Position.Line, new[] { "supplementary groups", "20 s", "10.1.2.0/30:", "/srv/[a-z]+/www", "rsync://", "excludes before its includes", "dry run" }.First(warning.What.Contains))));
    }

    [Fact]
    public void A_proxys_file_is_told_of_groups_with_capitals()
    {
        File.WriteAllText(folder["api.ini"], "[keys]\nk[] = Web,db\n[servers]\nWeb[] = web-1\ndb[] = db-1\n");
        var changed = Changed("proxy.ini", $"[client]\nkey_cipher = secret\n[allow::hosts]\nhost[] = 10.0.0.1\n[api]\npath = {folder["api.ini"]}\n");
        Assert.Contains("'Web'", Assert.Single(changed).What, StringComparison.Ordinal);
        Assert.Equal((folder["api.ini"], 4), (changed[0].Position.File, changed[0].Position.Line));
    }

    [Fact]
    public void Toml_never_belonged_to_the_original()
    {
        File.WriteAllText(folder["key"], "secret\n");
        Assert.Empty(Changed("agent.toml", $"""
            [agent]
            max_request_time = "20s"
            user = "daemon"
            [allow]
            hosts = ["10.0.0.0/8"]
            paths = ["/srv"]
            [legacy]
            mode = "loopback"
            key_cipher_file = "{folder["key"]}"
            """));
    }

    private List<ConfigWarning> Changed(string name, string text)
    {
        File.WriteAllText(folder[name], text + "\n");
        var report = new FileChecker(ConfigFile.Read, "web-001", AgentOverrides.None).Check(folder[name], null);
        Assert.Empty(report.Errors);
        return [.. report.Warnings.Where(warning => warning.What.StartsWith(LegacyChecks.Changed, StringComparison.Ordinal))];
    }
}

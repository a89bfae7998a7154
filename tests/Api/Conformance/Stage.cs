using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Deploy.Config;
using Deploy.Model;
using Deploy.Modes.Agent;
using Deploy.Modes.Agent.Ini;
using Deploy.Protocol.Ssl;
using Deploy.Security;
using Deploy.Tests.Fixtures;
using Deploy.Tests.Protocol.Ssl;
using Xunit;

namespace Deploy.Tests.Api.Conformance;

/// <summary>
/// The set-up of the recordings: the same trees behind a real rsync daemon, the same INI files in two agents, on a clock that is set to each
/// recording's time. Only paths and ports are others; answers are given with the recorded ones.
/// </summary>
internal sealed partial class Stage : IAsyncDisposable
{
    /// <summary>The path that the recordings have in the place of ours.</summary>
    private const string Recorded = "/srv/example";

    private readonly TempFolder folder = new();
    private readonly SetClock clock = new();
    private readonly RsyncDaemon daemon;
    private readonly RsyncDaemon withMotd;
    private AgentFixture plain = null!;
    private AgentFixture withoutKey = null!;
    private AgentFixture encrypted = null!;

    public Stage()
    {
        RecordedTrees.Make(folder["rsyncd"]);
        Directory.CreateDirectory(folder["dst"]);
        Directory.CreateDirectory(folder["conf"]);
        RsyncModule[] modules = [.. RecordedTrees.Modules.Select(name => new RsyncModule(name, folder["rsyncd/" + name])), new RsyncModule("locked", folder["rsyncd/plain10"]) { User = "bob" }];
        daemon = RsyncDaemon.Start(folder.Path, modules);
        withMotd = RsyncDaemon.Start(folder["conf"], modules, "Welcome to mirror\nBe nice\n");
    }

    public async Task StartAsync()
    {
        File.Copy(WireRecording.Folder("Setup/exec.ini"), folder["conf/exec.ini"]);
        plain = await AgentAsync("agent_plain.ini");
        withoutKey = await AgentAsync("agent_defkey.ini");
        encrypted = await AgentAsync("agent_ssl.ini");
    }

    /// <summary>What was done between the recordings, then the request; the answer in the recordings' paths.</summary>
    public async Task<Reply> PlayAsync(WireRecording recording)
    {
        await BeforeAsync(recording.Name);
        clock.Now = recording.Time;
        byte[] request = recording.How == WireRecording.Ssl ? recording.Request : Rewritten(recording.Request);
        var agent = recording.How switch { "agent_defkey" => withoutKey, WireRecording.Ssl or WireRecording.ToSslAgent => encrypted, _ => plain };
        var from = recording.How.StartsWith("from ", StringComparison.Ordinal) ? IPAddress.Parse(recording.How[5..]) : null;
        var reply = await agent.SendAsync(request, recording.How == "half-close", from, recording.How == "byte by byte");
        if (recording.How == WireRecording.Ssl)
        {
            Assert.True(SaltedCipher.TryOpen(new Passphrase(SslRecording.Bytes(recording.Name + ".aeskey.bin")), SslRecording.Message(reply.Bytes), out var answer));
            reply = Reply.Parse(answer.ToArray());
        }

        if (recording.Name is "ssl_rsync" or "plain_rsync" or "plain_rsync_many" or "plain_rsync_E_url")
        {
            await IdleAsync();
        }

        return reply;
    }

    /// <summary>Text of ours in the recordings' paths.</summary>
    public string InRecordedPaths(string text) => text.Replace(folder.Path, Recorded, StringComparison.Ordinal);

    /// <summary>The checksum that an order about this group's origin and target has here.</summary>
#pragma warning disable CA5351 // MD5 is what the original's answer has.
    public string ChecksumOf(string origin, string target) =>
        Convert.ToHexStringLower(System.Security.Cryptography.MD5.HashData(Encoding.UTF8.GetBytes(origin.Replace("//", "/", StringComparison.Ordinal) + InPlace(target))));
#pragma warning restore CA5351

    public async ValueTask DisposeAsync()
    {
        foreach (var agent in new[] { plain, withoutKey, encrypted }.Where(agent => agent is not null))
        {
            await agent.DisposeAsync();
        }

        daemon.Dispose();
        withMotd.Dispose();
        folder.Dispose();
    }

    private async Task BeforeAsync(string name)
    {
        switch (name)
        {
            case "plain_status_changes":
                RecordedTrees.Change(folder["dst/plain10"]);
                break;
            case "ssl_status":
                await OrderAsync("rsync", "plain10");
                await IdleAsync();
                break;
            case "plain_status_running":
                await OrderAsync("rsync", "slow");
                break;
            case "plain_status_motd":
                await OrderAsync("rsync", "motd");
                await IdleAsync();
                break;
        }
    }

    private async Task OrderAsync(string order, string options)
    {
        string key = LegacyKey.Make(new Secret(AgentFixture.Key), clock.Now).Reveal();
        var reply = await plain.SendAsync(AgentFixture.Request(order, options, key));
        if (!reply.Body.Contains("\"true\"", StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"{order} {options}: {reply.StatusLine} {reply.Body}");
        }
    }

    /// <summary>Waits until every rsync that the agent started has ended.</summary>
    private async Task IdleAsync()
    {
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < TimeSpan.FromSeconds(60); await Task.Delay(20))
        {
            var messages = plain.Log.Entries.Concat(encrypted.Log.Entries).Select(entry => entry.Message).ToList();
            if (messages.Count(message => message.Contains(" runs as process ", StringComparison.Ordinal)) == messages.Count(message => Ended().IsMatch(message)))
            {
                return;
            }
        }

        throw new TimeoutException("a sync still runs after 60 s");
    }

    private async Task<AgentFixture> AgentAsync(string file)
    {
        string path = folder["conf/" + file];
        await File.WriteAllTextAsync(path, WithPorts(InPlace(await File.ReadAllTextAsync(WireRecording.Folder("Setup/" + file)))));
        var config = AgentIniFile.Read(path, AgentOverrides.None, "recorded-host", ConfigFile.Read);
        var settings = config is AgentConfig.Valid valid ? valid.Settings : throw new InvalidOperationException(string.Join("\n", ((AgentConfig.Invalid)config).Errors));
        return await AgentFixture.StartAsync(given => settings with { Listen = given.Listen, SocketTimeout = TimeSpan.FromSeconds(2), SslKey = settings.Ssl ? SslRecording.PrivateKey : null }, time: clock);
    }

    /// <summary>The request with our paths, our port, and the length that it has now.</summary>
    private byte[] Rewritten(byte[] request)
    {
        string text = Encoding.Latin1.GetString(request);
        string changed = InPlace(text).Replace("127.0.0.1::", $"rsync://127.0.0.1:{daemon.Port}/", StringComparison.Ordinal);
        if (changed != text)
        {
            int body = changed.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4;
            changed = Length().Replace(changed, $"Content-Length: {changed.Length - body}", 1);
        }

        return Encoding.Latin1.GetBytes(changed);
    }

    private string InPlace(string text) => text.Replace("/tmp/", folder["tmp/"], StringComparison.Ordinal).Replace(Recorded, folder.Path, StringComparison.Ordinal);

    /// <summary>Origins stay as they are written; the daemon's port comes by an option, which takes the place of the three that a group has else.</summary>
    private string WithPorts(string ini)
    {
        string text = ini.Replace("--port=8731", $"--port={withMotd.Port}", StringComparison.Ordinal).Replace("rsync://127.0.0.1/", $"rsync://127.0.0.1:{daemon.Port}/", StringComparison.Ordinal);
        return Group().Replace(text, section => section.Value.Contains("--port=", StringComparison.Ordinal) || !section.Value.Contains("::", StringComparison.Ordinal)
            ? section.Value
            : section.Value + (section.Value.Contains("option[]", StringComparison.Ordinal) ? string.Empty : "option[] = --archive\noption[] = --delete\noption[] = --force\n")
                + string.Create(CultureInfo.InvariantCulture, $"option[] = --port={(section.Value.Contains("127.0.0.9::", StringComparison.Ordinal) ? 1 : daemon.Port)}\n"));
    }

    [GeneratedRegex(@"\[rsync::group::\w+\]\n(?:[a-z].*\n)+")]
    private static partial Regex Group();

    [GeneratedRegex(@"Content-Length: \d+")]
    private static partial Regex Length();

    [GeneratedRegex(@"^rsync process \d+ ended")]
    private static partial Regex Ended();

    /// <summary>Says the time that it was set to; its timers run on, five times slower, so that a busy machine fails within its second too.</summary>
    private sealed class SetClock : TimeProvider
    {
        private const int Slower = 5;

        public DateTimeOffset Now { get; set; } = DateTimeOffset.UnixEpoch;

        public override DateTimeOffset GetUtcNow() => Now;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, dueTime > TimeSpan.Zero ? dueTime * Slower : dueTime, period);
    }
}

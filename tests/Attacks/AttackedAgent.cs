using System.Text.Json;
using Deploy.Security.Keys;
using Deploy.Tests.EndToEnd.Harness;
using Deploy.Tests.Fixtures;
using Deploy.Tests.Security.Keys;
using Xunit;

namespace Deploy.Tests.Attacks;

/// <summary>
/// A published agent in the secure mode, with nothing of the original's wire and nothing unsigned: one for the tests of a class. Its command <c>mark ID</c> writes a line into a file of that
/// name, so that a test can see whether, and how often, it ran.
/// </summary>
public sealed class AttackedAgent : IAsyncLifetime, IDisposable
{
    /// <summary>What it calls itself, beside its address.</summary>
    public const string Name = "web-001";

    private readonly TempFolder folder = new();

    /// <summary>Where it listens, on port 3440.</summary>
    public string Address { get; } = LoopbackAddress.Next();

    /// <summary>An address of this host where it listens too, and takes connections from; null for none.</summary>
    internal string? Outside { get; init; }

    /// <summary>Its folder: configuration, host key, operators.</summary>
    public string Root => folder["agent-" + Address];

    /// <summary>Another name of it, e.g. of a host that only looks like it.</summary>
    internal string OwnName { get; init; } = Name;

    /// <summary>Where its groups come from; at first from nobody.</summary>
    internal string Origin { get; init; } = "rsync://127.0.0.1:1/site/";

    /// <summary>Further tables of its file; they may name its folders.</summary>
    internal Func<AttackedAgent, string> Tables { get; init; } = _ => string.Empty;

    /// <summary>Whether an order may name an origin and a target of its own.</summary>
    internal bool FreeForm { get; init; }

    /// <summary>May everything.</summary>
    internal TestKey Alice { get; } = new(11, "alice");

    /// <summary>May <c>status</c> and <c>exec</c>, of commands <c>mark</c> alone, of groups <c>site</c> alone.</summary>
    internal TestKey Bob { get; } = new(12, "bob");

    /// <summary>May read only: a proxy's line.</summary>
    internal TestKey Proxy { get; } = new(13, "proxy");

    /// <summary>Expired in 2020.</summary>
    internal TestKey Expired { get; } = new(14, "expired");

    /// <summary>From 10.0.0.0/8 alone.</summary>
    internal TestKey Elsewhere { get; } = new(15, "elsewhere");

    /// <summary>May everything, until <see cref="WriteOperators"/> leaves it out.</summary>
    internal TestKey Leaving { get; } = new(16, "leaving");

    /// <summary>In no file.</summary>
    internal TestKey Stranger { get; } = new(17, "stranger");

    /// <summary>The neutral element of the curve as a key, a line of the file too: under it any message would have a signature.</summary>
    internal static byte[] SmallOrder { get; } = new SshWriter().String("ssh-ed25519"u8).String([1, .. new byte[31]]).ToArray();

    internal RunningAttacked Daemon { get; private set; } = null!;

    internal string ConfigPath => Path.Combine(Root, "agent.toml");

    internal string StateDirectory => Path.Combine(Root, "state");

    /// <summary>Where the targets of the groups <c>site</c> and <c>shop</c> are.</summary>
    internal string Target => Path.Combine(Root, "www");

    public async Task InitializeAsync()
    {
        Directory.CreateDirectory(Target);
        Directory.CreateDirectory(Path.Combine(Root, "marks"));
        string script = Path.Combine(Root, "mark");
        await File.WriteAllTextAsync(script, $"#!/bin/sh\necho ran >> {Root}/marks/$1\n");
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await File.WriteAllTextAsync(ConfigPath, $$"""
            [agent]
            listen = ["{{Address}}:3440"{{(Outside is null ? string.Empty : $", \"{Outside}:3440\"")}}]
            names = ["{{OwnName}}", "{{Address}}"]
            max_order_lifetime = "2h"
            socket_timeout = "60s"
            [allow]
            hosts = ["127.0.0.0/8"{{(Outside is null ? string.Empty : $", \"{Outside}\"")}}]
            paths = ["{{Target}}"]
            free_form = {{(FreeForm ? "true" : "false")}}
            [sync.site]
            origin = "{{Origin}}"
            target = "{{Target}}/site"
            [sync.shop]
            origin = "rsync://127.0.0.1:1/shop/"
            target = "{{Target}}/shop"
            [command.mark]
            argv = ["{{script}}", "{id}"]
            id = { name = true }
            [command.other]
            argv = ["{{script}}", "other"]

            """ + Tables(this) + "\n");
        WriteOperators(withLeaving: true);
        Daemon = await RunningAttacked.StartAsync(this);
    }

    /// <summary>Writes the operators, with or without the one who leaves.</summary>
    internal void WriteOperators(bool withLeaving) => File.WriteAllText(Path.Combine(Root, "authorized_operators"), $"""
        {Alice.Key}
        orders="status,exec",groups="site",commands="mark" {Bob.Key}
        orders="read" {Proxy.Key}
        expiry-time="20200101" {Expired.Key}
        from="10.0.0.0/8" {Elsewhere.Key}
        ssh-ed25519 {Convert.ToBase64String(SmallOrder)} small
        {(withLeaving ? Leaving.Key : "# gone")}

        """);

    /// <summary>Stops it and starts it again, with its state.</summary>
    internal async Task RestartAsync()
    {
        Assert.Equal(0, await Daemon.StopAsync());
        await StartAsync();
    }

    /// <summary>Starts it where it has stopped.</summary>
    internal async Task StartAsync()
    {
        await Daemon.DisposeAsync();
        Daemon = await RunningAttacked.StartAsync(this);
    }

    /// <summary>Sends a request by TLS, and what comes back.</summary>
    internal Task<RawAnswer> AskAsync(SignedRequest request) => RawAnswer.ByTlsAsync(Address, request.ToBytes());

    /// <summary>A right signed read.</summary>
    internal async Task<JsonElement> ReadAsync(string target)
    {
        var answer = await AskAsync(SignedRequest.Get(Alice, target));
        Assert.True(answer.Status == 200, $"{target}: {answer}");
        return answer.Json();
    }

    /// <summary>It is taken as new, and runs once.</summary>
    internal async Task TakenAsync(SignedRequest request)
    {
        var answer = await AskAsync(request);
        Assert.True(answer.Status == 202, answer.ToString());
        await RanAsync(request.Nonce);
    }

    /// <summary>It is refused in just this way, is in the audit log, and nothing was started.</summary>
    /// <param name="request">The attack.</param>
    /// <param name="status">The answer's.</param>
    /// <param name="problem">Its word; empty for an answer without one.</param>
    /// <param name="detail">What its reason says.</param>
    /// <param name="isAudited">False for what the server refuses before anybody asks who it is.</param>
    internal async Task RefusedAsync(SignedRequest request, int status, string problem, string detail = "", bool isAudited = true)
    {
        int before = Refusals();
        var answer = await AskAsync(request);
        Assert.True((answer.Status, answer.Problem) == (status, problem), $"expected {status} {problem}, got {answer}");
        Assert.Contains(detail, answer.Detail, StringComparison.Ordinal);
        if (isAudited)
        {
            await Eventually.TrueAsync(() => Refusals() > before, () => $"no refusal in the audit log: {answer}\n{Daemon.LogText}");
        }

        await NothingAsync(request.Nonce);
    }

    /// <summary>No job of this id, and no mark of it.</summary>
    internal async Task NothingAsync(string id)
    {
        var list = await ReadAsync("/v1/jobs");
        Assert.DoesNotContain(list.GetProperty("items").EnumerateArray(), job => job.GetProperty("id").GetString() == id);
        Assert.Empty(Marks(id));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Target));
    }

    /// <summary>Its command runs, once.</summary>
    internal async Task RanAsync(string id)
    {
        await Eventually.TrueAsync(() => Marks(id).Length > 0, () => Daemon.LogText);
        for (string state = string.Empty; state != "done";)
        {
            state = (await ReadAsync("/v1/jobs/" + id)).GetProperty("state").GetString()!;
            Assert.NotEqual("cancelled", state);
        }

        Assert.Single(Marks(id));
    }

    /// <summary>A line for each time that the command ran with this id.</summary>
    internal string[] Marks(string id)
    {
        string mark = Path.Combine(Root, "marks", id);
        return File.Exists(mark) ? File.ReadAllLines(mark) : [];
    }

    /// <summary>Refusals in the audit log.</summary>
    internal int Refusals() => Records().Count(line => line.Contains("\"refused\"", StringComparison.Ordinal));

    /// <summary>The lines of the audit log.</summary>
    internal string[] Records()
    {
        using var reader = new StreamReader(new FileStream(Path.Combine(StateDirectory, "audit.ndjson"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite)); // it is being written
        return reader.ReadToEnd().Split('\n');
    }

    public async Task DisposeAsync() => await Daemon.DisposeAsync();

    public void Dispose() => folder.Dispose();
}

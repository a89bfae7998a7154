using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Deploy.Config;
using Deploy.Modes.Agent;
using Deploy.Modes.Agent.Ini;
using Deploy.Modes.Proxy;
using Deploy.Modes.Proxy.Ini;
using Deploy.Tests.Fixtures;

namespace Deploy.Tests.Api.Conformance.Proxy;

/// <summary>
/// The set-up of one recording through a proxy: the same INI and api file in our proxy, and behind it, on the recorded addresses, agents that answer
/// with the recorded bytes; where these are not recorded, an agent of ours. Only ports and paths are others.
/// </summary>
internal sealed class ProxyStage : IAsyncDisposable
{
    private static readonly string[] Addresses = ["127.0.0.1", "127.0.0.2", "127.0.0.3", "127.0.0.77"];

    private readonly TempFolder folder = new();
    private readonly List<ScriptedServer> scripted = [];
    private readonly ConcurrentQueue<byte[]> asked = new();
    private readonly ProxyRecording recording;
    private AgentFixture? agent;
    private ProxyFixture? proxy;
    private int port;

    public ProxyStage(ProxyRecording recording) => this.recording = recording;

    /// <summary>What the scripted agents were asked.</summary>
    public IReadOnlyList<byte[]> Asked => [.. asked];

    /// <summary>Sends the recorded request.</summary>
    public async Task<Reply> PlayAsync()
    {
        await StartAgentsAsync();
        proxy = await ProxyFixture.StartAsync(Settings());
        return await AgentFixture.SendAsync(proxy.Address, recording.Request, from: recording.Name == "raw_px_notallowed" ? IPAddress.Parse("127.0.0.9") : null);
    }

    /// <summary>Text of ours with the recorded port.</summary>
    public string InRecordedPorts(string text) => text.Replace($":{port}", ":3448", StringComparison.Ordinal);

    public async ValueTask DisposeAsync()
    {
        if (proxy is not null)
        {
            await proxy.DisposeAsync();
        }

        if (agent is not null)
        {
            await agent.DisposeAsync();
        }

        foreach (var server in scripted)
        {
            await server.DisposeAsync();
        }

        folder.Dispose();
    }

    private async Task StartAgentsAsync()
    {
        if (recording.Agents.Count > 0)
        {
            int next = -1;
            Listen(Addresses, peer =>
            {
                asked.Enqueue(peer.Request);
                return peer.SendAsync(recording.Agents[Interlocked.Increment(ref next)].Answer);
            });
            return;
        }

        if (recording.Setup == "proxy_x.ini")
        {
            // The first has an agent, the second refuses, the third is silent.
            Listen(["127.0.0.3"], peer => peer.HangAsync());
            await StartAgentAsync(Addresses[..1]);
            return;
        }

        port = FreePort();
        await StartAgentAsync(Addresses);
    }

    private async Task StartAgentAsync(string[] addresses)
    {
        string jobs = WireRecording.Folder("../Setup/exec.ini"), path = folder["agent.ini"];
        await File.WriteAllTextAsync(path, $"[server]\nkey_cipher = {AgentFixture.Key}\n[allow::hosts]\nhost[] = 127.0.0.0/8\n[jobs]\npath = {jobs}\n");
        var settings = ((AgentConfig.Valid)AgentIniFile.Read(path, AgentOverrides.None, "recorded-host", ConfigFile.Read)).Settings;
        agent = await AgentFixture.StartAsync(_ => settings with { Listen = [.. addresses.Select(address => new IPEndPoint(IPAddress.Parse(address), port))] });
    }

    private ProxySettings Settings()
    {
        File.Copy(WireRecording.Folder("Setup/api.ini"), folder["api.ini"]);
        string path = folder["proxy.ini"], text = File.ReadAllText(WireRecording.Folder("Setup/" + recording.Setup));
        File.WriteAllText(path, text.Replace("/srv/example/conf/api.ini", folder["api.ini"], StringComparison.Ordinal));
        return ProxyIniFile.Read(path, new ProxyOverrides { ClientPort = port }, ConfigFile.Read) switch
        {
            ProxyConfig.Valid valid => valid.Settings,
            ProxyConfig.Invalid invalid => throw new InvalidOperationException(string.Join("\n", invalid.Errors)),
            _ => throw new InvalidOperationException(),
        };
    }

    /// <summary>One script on one port of several addresses.</summary>
    private void Listen(string[] addresses, Func<ScriptedServer.Peer, Task> script)
    {
        port = FreePort();
        foreach (string address in addresses)
        {
            scripted.Add(new ScriptedServer(script, address, port));
        }
    }

    /// <summary>A port that is free on every address, below those that the kernel hands out: nobody takes it meanwhile but by the same search.</summary>
    private static int FreePort()
    {
        while (true)
        {
            int candidate = Random.Shared.Next(20_000, 32_000);
            using var any = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                any.Bind(new IPEndPoint(IPAddress.Any, candidate));
                return candidate;
            }
            catch (SocketException)
            {
                // The next one.
            }
        }
    }
}

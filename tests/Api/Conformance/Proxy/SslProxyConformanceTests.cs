using System.Net;
using System.Text;
using System.Text.Json;
using Deploy.Config;
using Deploy.Model;
using Deploy.Modes.Proxy;
using Deploy.Modes.Proxy.Ini;
using Deploy.Protocol.Ssl;
using Deploy.Tests.Fixtures;
using Deploy.Tests.Protocol.Ssl;
using Xunit;

namespace Deploy.Tests.Api.Conformance.Proxy;

/// <summary>Every request that the original's ssl proxy was sent, sent to ours, with agents of the ssl form behind it that say what the recorded ones said.</summary>
public class SslProxyConformanceTests
{
    private static readonly string[] Addresses = ["127.0.0.1", "127.0.0.2"];

    /// <summary>Recordings of encrypted requests, then of plain ones.</summary>
    internal static readonly string[] EncryptedNames = ["sslproxy_exec", "sslproxy_status"], PlainNames = ["plain_client_ssl_proxy", "raw_px_plainsock_to_ssl"];

    public static TheoryData<string> Encrypted => [.. EncryptedNames];

    public static TheoryData<string> Plain => [.. PlainNames];

    [Theory]
    [MemberData(nameof(Encrypted))]
    public async Task An_encrypted_order_is_relayed_encrypted_and_answered_as_recorded(string name)
    {
        byte[] recorded = SslRecording.Bytes(name + ".s2c.plain.bin");
        var agents = Agents(recorded);
        try
        {
            await using var proxy = await ProxyFixture.StartAsync(Settings(agents[0].Port));
            var reply = await AgentFixture.SendAsync(proxy.Address, SslRecording.Bytes(name + ".c2s.bin"));
            Assert.True(SaltedCipher.TryOpen(new Passphrase(SslRecording.Bytes(name + ".aeskey.bin")), SslRecording.Message(reply.Bytes), out var answer), Encoding.Latin1.GetString(reply.Bytes));
            Assert.Empty(ProxyConformanceTests.Answers(Reply.Parse(recorded), Reply.Parse(answer.ToArray())));
        }
        finally
        {
            foreach (var agent in agents)
            {
                await agent.DisposeAsync();
            }
        }
    }

    [Theory]
    [MemberData(nameof(Plain))]
    public async Task A_plain_order_gets_no_answer_and_a_line_in_the_log(string name)
    {
        await using var proxy = await ProxyFixture.StartAsync(Settings(port: 9));
        Assert.Empty(SslRecording.Bytes(name + ".s2c.bin"));
        Assert.Empty((await AgentFixture.SendAsync(proxy.Address, SslRecording.Bytes(name + ".c2s.bin"))).Bytes);
        Assert.Contains(proxy.Log.Entries, entry => entry.Message.Contains("mismatch", StringComparison.Ordinal));
    }

    /// <summary>On both addresses, one that opens what it is asked and answers with what the recorded answer has of it.</summary>
    private static List<ScriptedServer> Agents(byte[] recorded)
    {
        var hosts = JsonDocument.Parse(SslRecording.Message(recorded)).RootElement;
        var servers = new List<ScriptedServer>();
        foreach (string address in Addresses)
        {
            servers.Add(new ScriptedServer(
                async peer =>
                {
                    var (passphrase, plain) = Open(peer.Request);
                    string order = Encoding.Latin1.GetString(plain).Split(' ')[1]["/agent/".Length..];
                    string json = hosts.GetProperty(address).GetProperty(order).GetProperty("content").GetRawText();
                    string answer = $"HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: {json.Length}\r\nConnection: close\r\n\r\n{json}";
                    byte[] message = SaltedCipher.Seal(passphrase, Encoding.Latin1.GetBytes(answer));
                    await peer.SendAsync((byte[])[.. Encoding.ASCII.GetBytes($"ssl-length:{message.Length}\r\n\r\n"), .. message]);
                },
                address,
                servers.Count == 0 ? 0 : servers[0].Port));
        }

        return servers;
    }

    private static (Passphrase Passphrase, byte[] Plain) Open(byte[] request)
    {
        string head = Encoding.Latin1.GetString(request).Split("\r\n")[0];
        var passphrase = SslRecording.PrivateKey.OpenAsync(Convert.FromBase64String(head["aes:".Length..]), CancellationToken.None).GetAwaiter().GetResult();
        Assert.True(SaltedCipher.TryOpen(passphrase, SslRecording.Message(request), out var plain));
        return (passphrase, plain.ToArray());
    }

    private static ProxySettings Settings(int port)
    {
        using var folder = new TempFolder();
        File.Copy(WireRecording.Folder("Setup/api.ini"), folder["api.ini"]);
        string text = File.ReadAllText(WireRecording.Folder("Setup/proxy_ssl.ini")).Replace("/srv/example/conf/api.ini", folder["api.ini"], StringComparison.Ordinal);
        File.WriteAllText(folder["proxy.ini"], text);
        var settings = ((ProxyConfig.Valid)ProxyIniFile.Read(folder["proxy.ini"], new ProxyOverrides { ClientPort = port }, ConfigFile.Read)).Settings;
        return settings with
        {
            SslKey = SslRecording.PrivateKey,
            Hosts = settings.Hosts.ToDictionary(host => host.Key, host => host.Value with { SslKey = SslRecording.PublicKey }),
        };
    }
}

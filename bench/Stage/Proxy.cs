using System.Security.Cryptography;
using System.Text;

namespace Deploy.Bench.Stage;

/// <summary>A proxy on port 3441, whose one group is <c>all</c>.</summary>
internal sealed class Proxy : Daemon
{
    private Proxy(Scene scene, string address, string root, string config, Keys? keys)
        : base(scene, address, root, ["proxy", .. keys is null ? ["--unsigned-loopback", "on"] : Array.Empty<string>(), "--config", config])
    {
    }

    /// <summary>Starts one in front of these agents, and waits until it takes orders.</summary>
    public static Proxy Start(Scene scene, IReadOnlyList<string> agents) => Start(scene, $$"""
        [legacy]
        mode = "loopback"
        [hosts]
        defaults = { wire = "legacy", key_cipher_file = "{{scene.KeyFile}}" }
        {{string.Join('\n', agents.Select(agent => "\"" + agent + "\" = {}"))}}
        [groups]
        all = "{{string.Join(',', agents)}}"
        [api_keys.bench]
        sha256 = "{{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Scene.ApiKey.Reveal())))}}"
        groups = ["all"]
        """);

    /// <summary>Starts one that asks these agents by v1.</summary>
    /// <param name="scene">Where.</param>
    /// <param name="agents">Their addresses, by name.</param>
    /// <param name="port">Theirs.</param>
    /// <param name="keys">Theirs and the proxy's; null asks plainly.</param>
    public static Proxy StartV1(Scene scene, IReadOnlyDictionary<string, string> agents, int port, Keys? keys = null) => Start(scene, $$"""
        {{(keys is null ? string.Empty : $"{keys.Table}\nproxy_key = \"{keys.ProxyKeyFile}\"")}}
        [hosts]
        defaults = { port = {{port}} }
        {{string.Join('\n', agents.Select(agent => $"\"{agent.Key}\" = {{ address = \"{agent.Value}\"{(keys is null ? string.Empty : $", pin = \"{keys.Pin}\"")} }}"))}}
        """, keys);

    private static Proxy Start(Scene scene, string tables, Keys? keys = null)
    {
        string address = scene.NextAddress();
        string root = scene.Place("proxy-" + address);
        Directory.CreateDirectory(root);
        string config = Path.Combine(root, "proxy.toml");
        File.WriteAllText(config, $$"""
            [proxy]
            listen = ["{{address}}:3441"]
            [allow]
            hosts = ["127.0.0.0/8"]
            {{tables}}
            """ + "\n");
        var proxy = new Proxy(scene, address, root, config, keys);
        proxy.WaitUntilReady(scene);
        return proxy;
    }
}

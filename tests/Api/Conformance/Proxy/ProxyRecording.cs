namespace Deploy.Tests.Api.Conformance.Proxy;

/// <summary>One request that the original's proxy was sent, what it answered, and what its agents were asked and said: <c>Recordings/NAME[.agentK].{c2s,s2c}.bin</c>.</summary>
/// <param name="Name">Of the files.</param>
/// <param name="Request">Client to proxy.</param>
/// <param name="Answer">Proxy to client; empty where nothing came.</param>
/// <param name="Agents">What each agent that was asked got, and what it answered; empty where that hop was not recorded.</param>
internal sealed record ProxyRecording(string Name, byte[] Request, byte[] Answer, IReadOnlyList<(byte[] Request, byte[] Answer)> Agents)
{
    /// <summary>The proxy's configuration.</summary>
    public string Setup => Name switch
    {
        "raw_px_badkey" => "proxy_badkey.ini",
        _ when Name.StartsWith("raw_", StringComparison.Ordinal) => "proxy_plain.ini",
        _ when Name.Contains("mixed_failures", StringComparison.Ordinal) => "proxy_x.ini",
        _ => "proxy_relay.ini",
    };

    /// <summary>All of them.</summary>
    public static IReadOnlyList<ProxyRecording> All()
    {
        string folder = WireRecording.Folder("Recordings");
        return [.. Directory.EnumerateFiles(folder, "*.c2s.bin").Select(file => Path.GetFileName(file).Split('.')).Where(parts => parts.Length == 3).Select(parts => Read(folder, parts[0])).OrderBy(one => one.Name, StringComparer.Ordinal)];
    }

    private static ProxyRecording Read(string folder, string name)
    {
        byte[] Bytes(string side) => File.ReadAllBytes(Path.Combine(folder, $"{name}.{side}.bin"));
        int agents = Directory.GetFiles(folder, name + ".agent*.c2s.bin").Length;
        return new ProxyRecording(name, Bytes("c2s"), Bytes("s2c"), [.. Enumerable.Range(0, agents).Select(agent => (Bytes($"agent{agent}.c2s"), Bytes($"agent{agent}.s2c")))]);
    }
}

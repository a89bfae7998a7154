using Deploy.Model;
using Deploy.Modes.Signing;
using Deploy.Protocol.V1;
using Deploy.Security.Channel;
using Deploy.Security.Keys;
using Deploy.Security.Signatures;

namespace Deploy.Bench.Stage;

/// <summary>The keys of a secure fleet, in one folder: one operator's, one proxy's, and one host key that all daemons share, since what is measured costs the same with one each.</summary>
internal sealed class Keys
{
    private readonly string folder;
    private readonly SshKeyFile operatorKey;

    private Keys(string folder)
    {
        this.folder = folder;
        operatorKey = SshKeyFile.Create(Identity, "bench");
        var proxyKey = SshKeyFile.Create(ProxyKeyFile, "proxy");
        Pin = HostKeyFile.LoadOrMake(HostKeyPath(folder), TimeProvider.System.GetUtcNow(), out _).Pin;
        File.WriteAllText(OperatorsPath(folder), $"{operatorKey.Key}\norders=\"read\" {proxyKey.Key}\n");
        Private(OperatorsPath(folder));
    }

    public string Folder => folder;

    /// <summary>The operator's private key.</summary>
    public string Identity => Path.Combine(folder, "operator");

    public string ProxyKeyFile => Path.Combine(folder, "proxy_key");

    /// <summary>Every daemon's.</summary>
    public Pin Pin { get; }

    /// <summary>What the client knows of these daemons.</summary>
    public string KnownAgents => Path.Combine(folder, "known_agents");

    /// <summary>A <c>[secure]</c> of a daemon's file.</summary>
    public string Table => $"""
        [secure]
        host_key = "{HostKeyPath(folder)}"
        authorized_operators = "{OperatorsPath(folder)}"
        """;

    /// <summary>Makes them.</summary>
    public static Keys Make(Scene scene) => new(Directory.CreateDirectory(scene.Place("keys")).FullName);

    public static string HostKeyPath(string folder) => Path.Combine(folder, "host_key.pem");

    public static string OperatorsPath(string folder) => Path.Combine(folder, "authorized_operators");

    /// <summary>A wire on which the operator asks by TLS, and signs.</summary>
    public V1Wire Wire()
    {
        var signing = new RequestSigning(_ => Task.FromResult<ISigner>(operatorKey), SignatureTags.Order, TimeProvider.System);
        return new V1Wire(TimeProvider.System, secure: new V1Secure
        {
            KeyOf = _ => new V1PeerKey(Pin.ToString(), shown => Pin.Of(shown).Equals(Pin) ? null : "it shows another key"),
            HowToTrust = _ => "none",
            Sign = signing.SignAsync,
        });
    }

    /// <summary>Has the client know a daemon.</summary>
    public void Trust(Scene scene, string host) => scene.Time(scene.Binary, "client", "trust", "--known-agents", KnownAgents, host, Pin.ToString());

    private static void Private(string path) => File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
}

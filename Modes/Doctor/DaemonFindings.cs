using Deploy.Model;
using Deploy.Model.Text;
using Deploy.Modes.Agent;
using Deploy.Modes.Client.Journal;
using Deploy.Modes.Daemon;
using Deploy.Modes.Files;
using Deploy.Modes.Files.Checking;
using Deploy.Modes.Proxy;
using Deploy.Modes.SetUp;
using Deploy.Output;
using Deploy.Security;
using Deploy.Security.Channel;
using Deploy.Security.Files;
using Deploy.Security.Keys;
using Deploy.Security.Operators;

namespace Deploy.Modes.Doctor;

/// <summary>What a daemon's configuration and the files beside it come to on this host. Nothing is made or changed.</summary>
/// <param name="hostName">This host's.</param>
internal sealed class DaemonFindings(string hostName)
{
    private const long LittleSpace = 100 * 1024 * 1024; // ours: a store and an audit log of a day

    /// <summary>The settings in a file, null where it has mistakes; what is found of it goes into <paramref name="found"/>.</summary>
    /// <param name="path">A configuration that is there.</param>
    /// <param name="isProxy">Whose.</param>
    /// <param name="found">Takes it.</param>
    public DaemonSettings? Read(string path, bool isProxy, List<Finding> found)
    {
        string shown = SafeText.Of(path);
        var report = new FileChecker(RegularFile.Read, hostName, AgentCommand.FromEnvironment()).Check(path, isProxy ? FileKind.Proxy : FileKind.Agent);
        found.AddRange(report.Errors.Select(error => new Finding(Grade.Problem, "configuration", SafeText.Of(error.ToString()))));
        found.AddRange(report.Warnings.Select(warning => new Finding(Grade.Note, "configuration", SafeText.Of(warning.ToString()))));
        if (report.Errors.Count == 0)
        {
            found.Add(new Finding(Grade.Ok, "configuration", $"{shown}{(report.Holds.Length > 0 ? $": {report.Holds}" : string.Empty)}"));
        }

        if (FileFacts.Of(FileFacts.RealPath(path)) is { } facts && (facts.Mode & FileFacts.OthersWrite) != 0)
        {
            found.Add(new Finding(Grade.Problem, "configuration", $"others than its owner may write to {shown}: chmod go-w {shown}"));
        }

        return isProxy
            ? (ProxyFile.Read(path, ProxyOverrides.None, RegularFile.Read) as ProxyConfig.Valid)?.Settings
            : (AgentFile.Read(path, AgentCommand.FromEnvironment(), hostName, RegularFile.Read) as AgentConfig.Valid)?.Settings;
    }

    /// <summary>Who may speak to it, with which key, and from where.</summary>
    /// <param name="settings">Of the daemon.</param>
    /// <param name="daemon"><c>agent</c> or <c>proxy</c>.</param>
    public static IEnumerable<Finding> Of(DaemonSettings settings, string daemon)
    {
        uint? owner = settings.UserId ?? (settings is ProxySettings ? ProxyInit.UnitUser : null);
        yield return Wires(settings);
        if (settings.UnsignedLoopback)
        {
            yield return new Finding(Grade.Problem, "unsigned", "unsigned_loopback is on: every user of this host may give every order without a key; it is for trying out: take it out of the configuration");
        }

        if (settings.HostKeyFile is { } key)
        {
            yield return HostKey(key, daemon, owner);
        }

        if (settings.OperatorsFile is { } operators)
        {
            foreach (var finding in Operators(operators, daemon, owner))
            {
                yield return finding;
            }
        }

        if (settings is ProxySettings { ProxyKeyFile: { } own })
        {
            yield return OwnKey(own, owner);
        }

        foreach (var finding in settings is AgentSettings agent ? Targets(agent) : [])
        {
            yield return finding;
        }

        string state = $"/var/lib/deploy/{daemon}"; // the unit's $STATE_DIRECTORY; without it a name longer by address and port, beside it
        if (!Directory.Exists(state))
        {
            yield return new Finding(Grade.Note, "state", $"{state} is not there: the first start makes it, unless it is given another; a daemon of TOML does not run without");
        }
        else if (StrictModes.FolderMistake(state, owner) is { } mistake)
        {
            yield return new Finding(Grade.Problem, "state", mistake);
        }

        yield return Space("state", Directory.Exists(state) ? state : "/var/lib/deploy");
    }

    private static Finding Wires(DaemonSettings settings) => HealthReport.Legacy(settings) switch
    {
        "off" => new Finding(Grade.Ok, "wires", "secure: TLS and signatures alone"),
        "loopback" => new Finding(Grade.Note, "wires", "secure, and the original's wire for programs of this host"),
        _ => new Finding(Grade.Note, "wires", "the original's wire is taken from the network too: whoever sees one request there can forge others; docs/migrating.md has the way to [legacy] mode = \"off\""),
    };

    private static Finding HostKey(string path, string daemon, uint? owner)
    {
        try
        {
            return HostKeyFile.Load(path, owner) is { } key
                ? new Finding(Grade.Ok, "host key", $"{SafeText.Of(path)}, pin {key.Pin}")
                : new Finding(Grade.Note, "host key", $"{SafeText.Of(path)} is not there: deploy {daemon} init makes it, or the first start");
        }
        catch (UserError error)
        {
            return new Finding(Grade.Problem, "host key", $"{error.Message}: {error.Hint}");
        }
    }

    private static IEnumerable<Finding> Operators(string path, string daemon, uint? owner)
    {
        var lines = new List<string>();
        var book = new OperatorBook(() => path, new JournalLog(lines.Add), owner);
        var all = book.All();
        if (book.Trouble is { } trouble)
        {
            yield return new Finding(Grade.Problem, "operators", $"{SafeText.Of(path)}: {trouble}; nobody may order with a signature{(StrictModes.MendOf(trouble) is null ? $": deploy {daemon} init --allow \"$(cat alice.pub)\"" : string.Empty)}");
        }
        else
        {
            yield return new Finding(Grade.Ok, "operators", $"{SafeText.Of(path)}: {Counted.Of(all.Count, "key")} ({string.Join(", ", all.Take(5).Select(one => SafeText.Of(one.Name, 60)))}{(all.Count > 5 ? ", …" : string.Empty)})");
        }

        foreach (string line in lines.Where(line => line.EndsWith("gives nobody anything", StringComparison.Ordinal)))
        {
            yield return new Finding(Grade.Problem, "operators", line);
        }
    }

    private static Finding OwnKey(string path, uint? owner)
    {
        try
        {
            return FileFacts.Of(path) is null
                ? new Finding(Grade.Note, "proxy key", $"{SafeText.Of(path)} is not there: deploy proxy init makes it")
                : new Finding(Grade.Ok, "proxy key", $"{SafeText.Of(path)}, {SshKeyFile.OpenStrictly(path, owner).Key.Fingerprint}");
        }
        catch (UserError error)
        {
            return new Finding(Grade.Problem, "proxy key", $"{error.Message}: {error.Hint}");
        }
    }

    private static IEnumerable<Finding> Targets(AgentSettings settings) =>
        settings.Groups.Values.Where(group => group.Target.Length > 0).OrderBy(group => group.Name, StringComparer.Ordinal).Select(group => Space($"target {SafeText.Of(group.Name, 40)}", group.Target));

    private static Finding Space(string about, string path) => HealthReport.FreeBytes(path) switch
    {
        null => new Finding(Grade.Note, about, $"{SafeText.Of(path)}: how much is free there cannot be told"),
        < LittleSpace and var free => new Finding(Grade.Problem, about, $"{SafeText.Of(path)}: {ByteSize.Format(free)} are free: make room"),
        { } free => new Finding(Grade.Ok, about, $"{SafeText.Of(path)}: {ByteSize.Format(free)} free"),
    };
}

using System.Text;

namespace Deploy.Tests.EndToEnd.Harness;

/// <summary>What an agent of a test is started with: an INI file, a jobs file, a state directory, all below a folder of its own.</summary>
/// <param name="Folder">The test's folder; the agent's own is <see cref="Root"/> in it.</param>
internal sealed record AgentSetup(string Folder)
{
    /// <summary>The key_cipher of every agent here, and of <see cref="ClientCall"/>.</summary>
    public const string Key = "end-to-end-key";

    /// <summary>Where it listens, always on port 3440: what <c>--hosts</c> takes.</summary>
    public string Address { get; init; } = LoopbackAddress.Next();

    /// <summary>Lines of <c>[allow::hosts]</c>.</summary>
    public IReadOnlyList<string> AllowedHosts { get; init; } = ["127.0.0.0/8"];

    /// <summary>Further lines of <c>[server]</c>.</summary>
    public string Server { get; init; } = string.Empty;

    /// <summary>Further sections, e.g. made by <see cref="Group"/>.</summary>
    public string Sections { get; init; } = string.Empty;

    /// <summary>Lines of the jobs file's one section, <c>name = command</c>; empty for no jobs file.</summary>
    public string Commands { get; init; } = string.Empty;

    /// <summary>Further tables of an <c>agent.toml</c>, which then is the agent's file in place of the INI file; null for INI.</summary>
    public string? Toml { get; init; }

    /// <summary>Whether <c>--state-dir</c> is given: <see cref="StateDirectory"/>.</summary>
    public bool GivesStateDirectory { get; init; } = true;

    /// <summary>Further arguments of <c>deploy agent</c>.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>The root directory that it runs in, as every path here means it; null is this host's.</summary>
    public ForeignRoot? Within { get; init; }

    /// <summary>Set over this process's environment.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <summary>The agent's own folder. Its path stands in the arguments of whatever it starts on <see cref="Target"/>, which tells its rsyncs from others'.</summary>
    public string Root => Path.Combine(Folder, "agent-" + Address);

    /// <summary>Below it targets are allowed.</summary>
    public string Targets => Path.Combine(Root, "www");

    public string StateDirectory => Path.Combine(Root, "state");

    public string IniPath => Path.Combine(Root, "agent.ini");

    /// <summary>The file that <c>--config</c> names.</summary>
    public string ConfigPath => Toml is null ? IniPath : Path.Combine(Root, "agent.toml");

    /// <summary>Everything that follows <c>deploy</c>.</summary>
    public IReadOnlyList<string> CommandLine => ["agent", "--unsigned-loopback", "on", "--config", ConfigPath, .. GivesStateDirectory ? new[] { "--state-dir", StateDirectory } : [], .. Arguments];

    /// <summary>A target's path.</summary>
    public string Target(string name) => Path.Combine(Targets, name);

    /// <summary>With a sync group more.</summary>
    public AgentSetup WithGroup(string name, string origin, params IEnumerable<string> options) => this with
    {
        Sections = Sections + $"\n[rsync::group::{name}]\ndest = {origin}\nsrc = {Target(name)}\n" + string.Concat(options.Select(option => $"option[] = {option}\n")),
    };

    /// <summary>Writes the files (again, before a SIGHUP).</summary>
    public void Write()
    {
        string Outside(string path) => Within?.Path + path;
        Directory.CreateDirectory(Outside(Targets));
        if (Toml is not null)
        {
            string key = Path.Combine(Root, "key");
            File.WriteAllText(Outside(key), Key + "\n");
            File.WriteAllText(Outside(ConfigPath), $"""
                [agent]
                listen = ["{Address}:3440"]
                [allow]
                hosts = [{string.Join(", ", AllowedHosts.Select(host => $"\"{host}\""))}]
                paths = ["{Targets}"]
                [legacy]
                mode = "loopback"
                key_cipher_file = "{key}"

                """ + Toml);
            return;
        }

        var ini = new StringBuilder()
            .Append($"[server]\naddr = {Address}\nport = 3440\nkey_cipher = {Key}\n{Server}\n[allow::hosts]\n")
            .AppendJoin(string.Empty, AllowedHosts.Select(host => $"host[] = {host}\n"))
            .Append($"[allow::paths]\npath[] = {Targets}\n{Sections}\n");
        if (Commands.Length > 0)
        {
            string jobs = Path.Combine(Root, "jobs.ini");
            File.WriteAllText(Outside(jobs), $"[jobs]\n{Commands}\n");
            ini.Append($"[jobs]\npath = {jobs}\n");
        }

        File.WriteAllText(Outside(IniPath), ini.ToString());
    }
}

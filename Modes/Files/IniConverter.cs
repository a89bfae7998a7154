using System.Text;
using Deploy.Modes.Files.Printing;
using Deploy.Config;
using Deploy.Config.Ini;
using Deploy.Logs;
using Deploy.Model;
using Deploy.Model.Text;
using Deploy.Modes.Agent;
using Deploy.Modes.Agent.Ini;
using Deploy.Modes.Binding;
using Deploy.Modes.Binding.Ini;
using Deploy.Modes.Proxy;

namespace Deploy.Modes.Files;

/// <summary>Makes TOML of the original's INI files. What it prints is read by the same binder as any TOML file; what TOML refuses it prints all the same, with the reason, so that nothing is dropped unseen.</summary>
/// <param name="read">Reads a file.</param>
/// <param name="hostName">This host's name.</param>
internal sealed class IniConverter(Func<string, FileContent> read, string hostName)
{
    /// <summary>What is written whether the file sets it or not: there TOML's defaults are others than the original's.</summary>
    private static readonly string[] Differing = ["safe_links", "devices", "delay_updates", "host_timeout", "max_delete", "max_delete_percent", "argv", "args", "origin", "target"];

    /// <summary>The TOML of this file.</summary>
    /// <param name="path">The INI file.</param>
    /// <param name="asKind">What it is; null looks.</param>
    /// <exception cref="UserError">It cannot be read or has mistakes: all of them; or TOML cannot hold it.</exception>
    public string Convert(string path, FileKind? asKind)
    {
        if (read(path) is not FileContent.Read content)
        {
            throw new UserError($"{SafeText.Of(path)} cannot be read: {((FileContent.Unreadable)read(path)).Why}", ExitCodes.Failed);
        }

        var kind = asKind ?? FileKinds.Tell(path, content.Bytes.Span);
        string toml = kind switch
        {
            FileKind.Agent => Agent(path),
            FileKind.Proxy => Proxy(path),
            FileKind.Jobs => Jobs(path, content),
            FileKind.Api => throw new UserError($"{SafeText.Of(path)} has no TOML of its own: its keys and groups stand in proxy.toml", ExitCodes.Usage, "convert the proxy's file, whose [api] path names this one"),
            null => throw new UserError($"it cannot be told what {SafeText.Of(path)} configures", ExitCodes.Usage, $"say it with --as, {FileKinds.Known}"),
            _ => throw new UserError($"this version does not convert a file of the {kind.Value.Word()}", ExitCodes.Usage),
        };
        int odd = 0; // where a byte stands that is no UTF-8, as ByteText holds it
        while (odd < toml.Length && Rune.TryGetRuneAt(toml, odd, out var rune))
        {
            odd += rune.Utf16SequenceLength;
        }

        return odd >= toml.Length
            ? toml
            : throw new UserError($"{SafeText.Of(path)}: TOML holds UTF-8 alone, and this is not: {SafeText.Of(toml[(toml.LastIndexOf('\n', odd) + 1)..odd])} …", ExitCodes.Configuration, "rename that, or keep the INI file");
    }

    private string Agent(string path)
    {
        if (AgentFile.Read(path, AgentOverrides.None, hostName, read) is not AgentConfig.Valid valid)
        {
            throw new UserError($"{SafeText.Of(path)} has mistakes", ExitCodes.Configuration, $"deploy check {SafeText.Of(path)}");
        }

        var settings = valid.Settings with { KeyCipherFile = "/etc/deploy/key", AllowedPaths = [.. valid.Settings.AllowedPaths.Where(ConfigPath.IsAbsolute)] };
        var places = SettingPlaces.Of(path, IniFileKind.Agent, valid.Places);
        string[] always = ["allow.hosts", "allow.paths", "allow.free_form", "legacy.mode", "legacy.key_cipher_file", .. Logs(settings.Log)];
        var notes = new ConversionNotes(valid);
        string body = new AgentPrinter(settings, name => new SettingLine(
            places.ContainsKey(name) || always.Contains(name) || Differing.Contains(name[(name.LastIndexOf('.') + 1)..]),
            notes.Of(name))).Print();
        return notes.Head(path) + body;
    }

    private string Proxy(string path)
    {
        if (ProxyFile.Read(path, ProxyOverrides.None, read) is not ProxyConfig.Valid valid)
        {
            throw new UserError($"{SafeText.Of(path)} has mistakes", ExitCodes.Configuration, $"deploy check {SafeText.Of(path)}");
        }

        var hosts = valid.Settings.Hosts.ToDictionary(host => host.Key, host => host.Value with { KeyCipherFile = "/etc/deploy/agent-key" }, Model.Hosts.HostName.Comparer);
        var places = SettingPlaces.Of(path, IniFileKind.Proxy, valid.Places);
        string[] always = ["allow.hosts", "legacy.mode", "proxy.host_timeout", "proxy.host_socket_timeout", .. Logs(valid.Settings.Log)]; // the original has one timeout without the other
        string body = new ProxyPrinter(
            valid.Settings with { Hosts = hosts },
            name => new SettingLine(places.ContainsKey(name) || always.Contains(name) || name.StartsWith("hosts.", StringComparison.Ordinal) || name.StartsWith("groups.", StringComparison.Ordinal) || name.StartsWith("api_keys.", StringComparison.Ordinal), null),
            showHashes: true).Print();
        return ConversionNotes.Head(path, "proxy.toml", [ConversionNotes.AgentKey(valid), "API keys are held as their hashes: those who order go on giving the keys they have", "a hash of a short key gives the key away: keep this file 0600 (umask 077 before convert)"], valid.Warnings) + body;
    }

    /// <summary>Where the logs go has to be said where they are written: the original's places are not TOML's.</summary>
    private static string[] Logs(LogSettings log) => log.Write ? ["log.error", "log.access"] : [];

    private static string Jobs(string path, FileContent.Read content)
    {
        var report = new ConfigReport();
        if (IniReader.Parse(path, content.Bytes.Span) is not IniResult.Read { Document: var document } || JobsSections.Bind(document, report) is not { } commands || report.Errors.Count > 0)
        {
            throw new UserError($"{SafeText.Of(path)} has mistakes", ExitCodes.Configuration, $"deploy check {SafeText.Of(path)}");
        }

        return $"# The commands of {SafeText.Of(path)}, for agent.toml.\n" + ConversionNotes.Warnings(report.Warnings) + "\n" + new AgentPrinter(AgentSettings.Of("unused") with { Commands = commands }, name => new SettingLine(name.StartsWith("command.", StringComparison.Ordinal), null)).Print();
    }
}

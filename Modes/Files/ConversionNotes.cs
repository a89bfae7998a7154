using Deploy.Config;
using Deploy.Modes.Agent;
using Deploy.Modes.Binding;
using Deploy.Modes.Files.Printing;
using Deploy.Modes.Proxy;

namespace Deploy.Modes.Files;

/// <summary>What a person must know of a converted agent's file: where its meaning is not quite the same, and what is still to be done.</summary>
internal sealed class ConversionNotes(AgentConfig.Valid valid)
{
    /// <summary>The comments at the top: where it comes from, what is to be done, what the INI file warned of.</summary>
    public string Head(string path) => Head(
        path,
        "agent.toml",
        [
            valid.Settings switch
            {
                { KeyCipherIsInvalid: true } => "key_cipher is empty or 0 there: no order is taken, so the legacy wire is off here",
                { KeyCipher: null } => $"there is no key_cipher there, so the key is {AgentSettings.DefaultKeyCipher}, which everybody knows: write a long random one into /etc/deploy/key (chmod 600) and give it to those who order",
                _ => $"write the value of key_cipher ({valid.Places["server.key_cipher"]}) into /etc/deploy/key, alone in its first line: chmod 600 /etc/deploy/key",
            },
            "names are this host's own, short and full, here as there: add names = [\"…\"] to [agent] for others",
            .. valid.Settings.AllowedPaths.Where(path => !ConfigPath.IsAbsolute(path)).Select(path => $"path[] = {path} is left out: it is no absolute path without '..', and TOML takes no other"),
        ],
        valid.Warnings);

    /// <summary>Where the proxy's key for its agents goes.</summary>
    public static string AgentKey(ProxyConfig.Valid proxy) => proxy.Places.TryGetValue("client.key_cipher", out var at)
        ? $"write the value of key_cipher ({at}) into /etc/deploy/agent-key, alone in its first line: chmod 600 /etc/deploy/agent-key"
        : $"there is no key_cipher in [client] there, so the agents' key is {AgentSettings.DefaultKeyCipher}, which everybody knows: write the one that they have into /etc/deploy/agent-key (chmod 600)";

    /// <summary>The comments at the top of any converted file.</summary>
    public static string Head(string path, string name, IReadOnlyList<string> notes, IReadOnlyList<ConfigWarning> warnings)
    {
        var head = new TomlWriter();
        head.Comment($"From {path}, by deploy convert. Read the comments, then: deploy check {name}");
        foreach (string note in notes)
        {
            head.Comment("- " + note);
        }

        return head + Warnings(warnings) + "\n";
    }

    /// <summary>A line of comment for each warning.</summary>
    public static string Warnings(IReadOnlyList<ConfigWarning> warnings)
    {
        var lines = new TomlWriter();
        foreach (var warning in warnings)
        {
            lines.Comment("- " + warning);
        }

        return lines.ToString();
    }

    /// <summary>What stands behind a setting; null for nothing.</summary>
    public string? Of(string name) => name[(name.LastIndexOf('.') + 1)..] switch
    {
        "mode" => "as there: every allowed host",
        "free_form" => "as there: an order may name an origin and a target of its own below paths, without the limits of any group; false is the default here",
        "safe_links" => "as there; true, the default here, leaves out links that lead out of the tree",
        "devices" => "as there; false, the default here, writes no device files",
        "delay_updates" => "as there; true, the default here, puts files into place at the end",
        "host_timeout" => "as there; the default here is 1h",
        "max_delete" => "as there: no limit; the default here is 100",
        "max_delete_percent" => "as there: no limit; the default here is 25",
        "options" => Denied(name),
        _ => null,
    };

    /// <summary>The options of a group that TOML refuses.</summary>
    private string? Denied(string name)
    {
        var group = valid.Settings.Groups.Values.FirstOrDefault(group => name == TomlWriter.Name("sync", group.Name, "options"));
        var denied = DeniedOptions.Find(group?.Options ?? [], valid.Settings.AllowedPaths);
        return denied.Count == 0 ? null : "not taken in TOML, change them or keep the INI file: " + string.Join("; ", denied.Select(found => $"{group!.Options![found.Index]} {found.Why}"));
    }
}

using Deploy.Jobs.Commands;
using Deploy.Jobs.Syncs;
using Deploy.Logs;
using Deploy.Modes.Agent;
using Deploy.Modes.Binding;
using Deploy.Modes.Binding.Toml;

namespace Deploy.Modes.Files.Printing;

/// <summary>Prints an agent's settings as the <c>agent.toml</c> that gives them. Secrets are never in it: files are named.</summary>
/// <param name="settings">What to print.</param>
/// <param name="choose">Whether a setting is written, and what stands behind it, by its dotted name.</param>
internal sealed class AgentPrinter(AgentSettings settings, Func<string, SettingLine> choose)
{
    private const string None = "none"; // what switches a limit off

    /// <summary>What <c>[legacy] mode</c> is where it narrows nothing: the list of allowed hosts alone decides.</summary>
    public static readonly IReadOnlyList<string> Everybody = ["0.0.0.0/0", "::/0"];

    private readonly SettingWriter writer = new(choose);
    private readonly HashSet<string> scripts = new(StringComparer.Ordinal);

    /// <summary>The whole file.</summary>
    public string Print()
    {
        writer.Table("agent");
        writer.Value("names", TomlWriter.List(settings.Names));
        writer.Value("listen", TomlWriter.List(settings.Listen.Select(at => at.ToString())));
        writer.Value("backlog", TomlWriter.Number(settings.Backlog));
        writer.Value("accept_filter", TomlWriter.Flag(settings.AcceptFilter));
        writer.Value("user", settings.User);
        writer.Value("group", settings.Group);
        writer.Value("socket_timeout", TomlWriter.Duration(settings.SocketTimeout));
        writer.Value("max_request_time", settings.MaxRequestTime);
        writer.Value("max_order_lifetime", TomlWriter.Duration(settings.MaxOrderLifetime));
        writer.Value("max_command_time", TomlWriter.Duration(settings.MaxCommandTime));
        writer.Value("max_command_output", TomlWriter.Text(Quantities.PrintSize(settings.OutputCapBytes)));
        writer.Value("shutdown_grace", TomlWriter.Duration(settings.ShutdownGrace));

        writer.Table("allow");
        writer.Value("hosts", TomlWriter.List(settings.AllowedHosts));
        writer.Value("paths", TomlWriter.List(settings.AllowedPaths));
        writer.Value("free_form", TomlWriter.Flag(settings.AllowsFreeForm));

        writer.Table("legacy");
        writer.Value("mode", settings.KeyCipherIsInvalid ? TomlWriter.Text("off") : TomlWriter.List(settings.LegacyPeers ?? Everybody));
        writer.Value("key_cipher_file", settings.KeyCipherFile);
        writer.Value("ssl", TomlWriter.Flag(settings.Ssl));
        writer.Value("ssl_private_key", settings.SslPrivateKey);

        writer.Table("secure");
        writer.Value("host_key", settings.HostKeyFile);
        writer.Value("authorized_operators", settings.OperatorsFile);
        writer.Value("unsigned_loopback", TomlWriter.Flag(settings.UnsignedLoopback));

        writer.Log(settings.Log);
        foreach (var group in settings.Groups.Values.OrderBy(group => group.Name, StringComparer.Ordinal))
        {
            Print(group);
        }

        foreach (var command in settings.Commands.Values.OrderBy(command => command.Name, StringComparer.Ordinal))
        {
            Print(command);
        }

        return writer.ToString();
    }

    private void Print(SyncGroup group)
    {
        if (group.Origin.Length == 0 || !ConfigPath.IsAbsolute(group.Target))
        {
            writer.Comment($"the sync group '{group.Name}' is left out: it has no origin, or its target is no absolute path without '..', so every order for it is refused");
            return;
        }

        writer.Table("sync", group.Name);
        writer.Value("origin", group.Origin);
        writer.Value("target", group.Target);
        writer.Values("options", group.Options ?? Rsync.SyncCall.DefaultOptions);
        writer.Values("exclude", group.Excludes.Count > 0 ? group.Excludes : null);
        writer.Values("include", group.Includes.Count > 0 ? group.Includes : null);
        writer.Value("rsync", group.Rsync);
        writer.Value("rsh", group.Rsh);
        writer.Value("password_file", group.PasswordFile);
        writer.Value("safe_links", TomlWriter.Flag(group.SafeLinks));
        writer.Value("devices", TomlWriter.Flag(group.Devices));
        writer.Value("delay_updates", TomlWriter.Flag(group.DelayUpdates));
        writer.Value("host_timeout", TomlWriter.Text(group.HostTimeout is { } most ? Quantities.Print(most) : None));
        writer.Value("health_check", group.HealthCheck);
        writer.Value("require_mount", group.Presence.Mount);
        writer.Value("marker", group.Presence.Marker);
        writer.Table("sync", group.Name, "guard");
        writer.Value("max_delete", Limit(group.DeleteLimits.MaxDelete));
        writer.Value("max_delete_percent", Limit(group.DeleteLimits.MaxDeletePercent));
        writer.Value("count_first", TomlWriter.Flag(group.DeleteLimits.Counts));
        writer.Values("protect", group.DeleteLimits.Protect.Count > 0 ? group.DeleteLimits.Protect : null);
    }

    private void Print(CommandEntry command)
    {
        switch (command.Form)
        {
            case TypedCommand typed:
                writer.Table("command", command.Name);
                writer.Value("argv", TomlWriter.List(typed.Written));
                foreach (var parameter in typed.Parameters)
                {
                    writer.Value(parameter.Name, Kind(parameter));
                }

                break;
            case CommandTemplate template when template.WholeWords() is { } words:
                const string Name = "args";
                writer.Table("command", command.Name);
                writer.Value("argv", TomlWriter.List(words.Select(word => word is null ? $"{{{Name}}}" : TypedCommand.Escape(word))));
                if (words.Contains(null))
                {
                    writer.Value(Name, Kind(new CommandParameter.Words(Name)));
                }

                break;
            default:
                if (WrapperScript.Of(command.Line) is { } script)
                {
                    WriteScript(command, script);
                    return;
                }

                string why = WrapperScript.Refusal(command.Line) is { } refusal ? $"{refusal}: write a script that checks its arguments and name that" : command.DisabledReason ?? "its arguments are a part of a word, which typed parameters cannot say: write a small script that takes them as words";
                writer.Comment($"the command '{command.Name}' is left out: {why}", $"  {command.Line}");
                return;
        }

        writer.Value("timeout", command.Timeout);
    }

    /// <summary>A command that needs a shell, as comments: the script to write, and the table to take once it is there.</summary>
    private void WriteScript(CommandEntry command, string script)
    {
        string name = command.Name;
        string path = "/usr/local/lib/deploy/" + ScriptName(name);
        bool takes = WrapperScript.TakesArguments(command.Line);
        writer.Comment(
        [
            $"the command '{name}' needs a shell. Write this script to {path}, check it, chmod 755, then take the '#' off the table below:",
            .. script.TrimEnd('\n').Split('\n').Select(line => "    " + line),
            $"[{TomlWriter.Name("command", name)}]",
            $"argv = {TomlWriter.List(takes ? [path, "{args}"] : [path])}",
            .. takes ? ["args = { words = true }"] : Array.Empty<string>(),
        ]);
    }

    /// <summary>A file name of this command's own: its name where that can be one, else the letters that can, and a number that no other command has.</summary>
    private string ScriptName(string name)
    {
        string clean = string.Concat(name.Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' ? letter : '_'));
        string own = clean;
        for (int number = 2; own != name && (settings.Commands.ContainsKey(own) || scripts.Contains(own)) || (own == clean && clean != name); number++)
        {
            own = $"{clean}-{number}";
        }

        scripts.Add(own);
        return own;
    }

    private static TomlText Limit(int? most) => most is { } number ? TomlWriter.Number(number) : TomlWriter.Text(None);

    private static TomlText Kind(CommandParameter parameter) => new(parameter switch
    {
        CommandParameter.Choice choice => $"{{ enum = {TomlWriter.List(choice.Values)} }}",
        CommandParameter.Whole whole => $"{{ int = [{TomlWriter.Number(whole.Least)}, {TomlWriter.Number(whole.Most)}] }}",
        CommandParameter.Word => "{ name = true }",
        CommandParameter.RelativePath => "{ relpath = true }",
        CommandParameter.Matching matching => $"{{ regex = {TomlWriter.Text(matching.Pattern)} }}",
        CommandParameter.Words => "{ words = true }",
        _ => throw new InvalidOperationException("a kind of parameter that cannot be printed"),
    });
}

using Deploy.Config;
using Deploy.Config.Toml;
using Deploy.Jobs.Syncs;
using Deploy.Modes.Binding.Toml;
using Deploy.Rsync;
using Deploy.Security;

namespace Deploy.Modes.Agent.Toml;

/// <summary>Binds one <c>[sync.NAME]</c>, its <c>[sync.NAME.guard]</c> with it.</summary>
internal static class SyncTable
{
    /// <summary>Entries that one sync may delete where the file does not say. // jobs: max_delete 100</summary>
    public const int DefaultMaxDelete = 100;

    /// <summary>As <see cref="DefaultMaxDelete"/>, percent of the target's entries.</summary>
    public const int DefaultMaxDeletePercent = 25;

    /// <summary>What holds in TOML where a table says nothing.</summary>
    public static readonly SyncGroup Defaults = SyncGroup.Plain with
    {
        SafeLinks = true,
        Devices = false,
        DelayUpdates = true,
        HostTimeout = TimeSpan.FromHours(1),
        DeleteLimits = new DeleteLimits(DefaultMaxDelete, DefaultMaxDeletePercent, []),
    };

    private const string None = "none";
    private const string OriginExample = "rsync://origin.example.net/site/";

    private static readonly Dictionary<string, string> Elsewhere = new(StringComparer.Ordinal)
    {
        ["dest"] = "here it is origin, what is read",
        ["src"] = "here it is target, the directory that is written",
        ["option"] = "here it is a list, options = [\"…\"]",
        ["max_delete"] = "it belongs into the table guard of this group: guard.max_delete = 100",
        ["max_delete_percent"] = "it belongs into the table guard of this group: guard.max_delete_percent = 25",
        ["protect"] = "it belongs into the table guard of this group: guard.protect = [\"…\"]",
        ["path"] = "here it is target, the directory that is written",
    };

    /// <summary>The group; what is wrong with it is reported.</summary>
    /// <param name="table">Its table.</param>
    /// <param name="name">Its name.</param>
    /// <param name="allowedPaths">The roots of <c>[allow]</c>, for options that name directories.</param>
    /// <param name="commands">The names that a health check may have.</param>
    public static SyncGroup Bind(TableBinder table, Positioned<string> name, IReadOnlyList<string> allowedPaths, IEnumerable<string> commands)
    {
        CheckName(table, name);
        var options = table.Texts("options", "--archive");
        var group = new SyncGroup
        {
            Name = name.Value,
            Origin = Origin(table) ?? string.Empty,
            Target = table.AbsolutePath("target", "/srv/www/site")?.Value ?? string.Empty,
            Options = options?.Select(option => option.Value).ToList(),
            Excludes = Patterns(table, "exclude", ".git"),
            Includes = Patterns(table, "include", "*.html"),
            Rsync = table.AbsolutePath("rsync", "/usr/bin/rsync")?.Value ?? "/usr/bin/rsync",
            Rsh = table.Filled("rsh", "ssh -p 22")?.Value,
            PasswordFile = table.AbsolutePath("password_file", "/etc/deploy/rsync.secret")?.Value,
            SafeLinks = table.Flag("safe_links") ?? Defaults.SafeLinks,
            Devices = table.Flag("devices") ?? Defaults.Devices,
            DelayUpdates = table.Flag("delay_updates") ?? Defaults.DelayUpdates,
            HostTimeout = HostTimeout(table),
            HealthCheck = HealthCheck(table, commands),
            Presence = new TargetPresence(table.AbsolutePath("require_mount", "/srv/www")?.Value, Marker(table)),
            DeleteLimits = Guard(table.Table("guard")),
        };
        table.Require("origin", "what is read", $"\"{OriginExample}\"");
        table.Require("target", "the directory that is written", "\"/srv/www/site\"");
        CheckOptions(table, options ?? [], allowedPaths, group.DelayUpdates);
        if (group.Presence.Mount is { } mount && group.Target.Length > 0 && (mount.Trim('/').Length == 0 || !TargetRules.IsBelow(group.Target.TrimEnd('/'), mount.TrimEnd('/'))))
        {
            table.Error(table.PlaceOf("require_mount"), $"require_mount is '{mount}', and the target is not below it: expected the mount point of the target's own file system, e.g. \"/srv\"");
        }

        table.Close(Elsewhere);
        return group;
    }

    private static IReadOnlyList<string> Patterns(TableBinder table, string key, string example)
    {
        var patterns = table.Texts(key, example) ?? [];
        foreach (var clearing in patterns.Where(pattern => pattern.Value.Trim() == "!"))
        {
            table.Error(clearing.Position, $"{key}: '!' clears all patterns before it, those that protect the target among them: take it out");
        }

        return [.. patterns.Select(pattern => pattern.Value)];
    }

    private static void CheckName(TableBinder table, Positioned<string> name)
    {
        if (name.Value.Length == 0 || name.Value.AsSpan().IndexOfAny(',', '|') >= 0 || name.Value.Any(char.IsControl))
        {
            table.Error(name.Position, $"'{name.Value}' is no name for a sync group: expected at least one character, without comma, bar and control characters");
        }
    }

    private static string? Origin(TableBinder table)
    {
        const string Expected = "expected rsync://HOST/MODULE/PATH/, HOST::MODULE/PATH/ or an absolute path of this host";
        if (table.Filled("origin", OriginExample) is not { } given)
        {
            return null;
        }

        var origin = Rsync.Origin.Read(given.Value);
        bool usable = origin.Kind switch
        {
            OriginKind.Daemon => origin.Host.Length > 0 && origin.Module.Length > 0,
            OriginKind.RemoteShell => origin.Host.Length > 0 && origin.Path.Length > 0,
            _ => origin.Path.StartsWith('/'),
        };
        bool isOddUrl = given.Value.Contains("://", StringComparison.Ordinal) ? origin.Kind != OriginKind.Daemon : given.Value.StartsWith("rsync:/", StringComparison.Ordinal);
        if (!usable || isOddUrl || given.Value.StartsWith('-'))
        {
            table.Error(given.Position, $"origin is '{given.Value}': {Expected}");
        }
        else if (origin.Kind == OriginKind.RemoteShell && table.Lacks("rsh"))
        {
            table.Warn(given.Position, $"origin is '{given.Value}', which goes by a remote shell, rsync's own ssh: say so with rsh = \"ssh\", or name an rsync daemon, rsync://HOST/MODULE/PATH/");
        }

        return given.Value;
    }

    /// <summary>A duration, or the word none.</summary>
    private static TimeSpan? HostTimeout(TableBinder table) =>
        table.Take("host_timeout") is TomlValue.Text { Value: None } ? null : table.Duration("host_timeout", TimeSpan.FromSeconds(1), Quantities.Longest) ?? Defaults.HostTimeout;

    private static string? HealthCheck(TableBinder table, IEnumerable<string> commands)
    {
        var given = table.Filled("health_check", "site-ok");
        if (given is { } name && table.IsWhole && !commands.Contains(name.Value, StringComparer.Ordinal))
        {
            string hint = NearestName.Find(name.Value, commands) is { } nearest ? $"; did you mean '{nearest}'?" : string.Empty;
            table.Error(name.Position, $"health_check is '{name.Value}', and there is no [command.{name.Value}]: expected the name of a command of this file{hint}");
        }

        return given?.Value;
    }

    private static string? Marker(TableBinder table)
    {
        var given = table.Filled("marker", ".deploy-target");
        if (given is { } marker && (marker.Value is "." or ".." || marker.Value.AsSpan().ContainsAny("/*?[\\")))
        {
            table.Error(marker.Position, $"marker is '{marker.Value}': expected the name of a file in the target, without / * ? [ and \\, e.g. \".deploy-target\"");
        }

        return given?.Value;
    }

    private static DeleteLimits Guard(TableBinder table)
    {
        bool counts = table.Flag("count_first") ?? true;
        var limits = new DeleteLimits(
            Limit(table, "max_delete", DefaultMaxDelete, int.MaxValue),
            Limit(table, "max_delete_percent", DefaultMaxDeletePercent, 100),
            Protected(table))
        { Counts = counts };
        if (!counts && limits.HasNumbers)
        {
            table.Error(table.PlaceOf("count_first"), $"count_first is false, and a limit needs the count: expected max_delete = \"{None}\" and max_delete_percent = \"{None}\" beside it");
        }

        table.Close();
        return limits;
    }

    /// <summary>Patterns, without those that can match nothing: what they name would not be protected.</summary>
    private static List<string> Protected(TableBinder table)
    {
        var patterns = table.Texts("protect", "uploads/**") ?? [];
        foreach (var odd in patterns.Where(pattern => pattern.Value.StartsWith("./", StringComparison.Ordinal) || pattern.Value.Contains("//", StringComparison.Ordinal) || pattern.Value.Trim() != pattern.Value || pattern.Value.Trim() == "!"))
        {
            table.Error(odd.Position, $"protect: '{odd.Value}' matches nothing: expected a pattern of rsync without './', '//' and blanks at its ends; '/' in front means the target, e.g. \"/uploads/**\"");
        }

        return [.. patterns.Select(pattern => pattern.Value)];
    }

    /// <summary>A number, or the word none.</summary>
    private static int? Limit(TableBinder table, string key, int unset, int most)
    {
        switch (table.Take(key))
        {
            case null:
                return unset;
            case TomlValue.Text { Value: None }:
                return null;
            case TomlValue.Integer(var number, _) when number >= 0 && number <= most:
                return (int)number;
            case TomlValue.Integer(var number, var position):
                table.Error(position, $"{key} is {number}: expected a number from 0 to {most}, or \"{None}\"");
                return unset;
            case var other:
                table.Error(other.Position, $"{key} is {other.What}: expected a number from 0 to {most}, e.g. {key} = {unset}, or \"{None}\"");
                return unset;
        }
    }

    /// <summary>True for an option with a blank before any '=': a shell would have parted it.</summary>
    private static bool HoldsTwo(string word) => word.StartsWith('-') && word.IndexOf(' ', StringComparison.Ordinal) is > 0 and var blank && word.IndexOf('=', StringComparison.Ordinal) is var equals && (equals < 0 || equals > blank);

    private static void CheckOptions(TableBinder table, IReadOnlyList<Positioned<string>> options, IReadOnlyList<string> allowedPaths, bool delayUpdates)
    {
        List<string> words = [.. options.Select(option => option.Value)];
        if (options.FirstOrDefault(option => HoldsTwo(option.Value)) is { Value: { } two } at)
        {
            table.Error(at.Position, $"options: '{two}' is more than one word, and a string of this list is one: expected {string.Join(", ", two.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => $"\"{word}\""))}");
            return;
        }

        var read = Rsync.Arguments.OptionWords.Read(words);
        foreach (string operand in read.Operands.Distinct())
        {
            table.Error(options.First(option => option.Value == operand).Position, $"options: '{operand}' is no option, nor the value of the one before it: rsync would read it as another origin");
        }

        if (read.WithoutValue is { } lacking)
        {
            table.Error(options[^1].Position, $"options: {lacking} has no value: expected it behind the option, e.g. \"{lacking}\", \"VALUE\"");
        }

        foreach (var found in DeniedOptions.Find(words, allowedPaths))
        {
            table.Error(options[found.Index].Position, $"the option '{words[found.Index]}' is not taken in TOML: it {found.Why}; take it out");
        }

        foreach (var option in options.Where(option => delayUpdates && option.Value is "--inplace" or "--append" or "--append-verify"))
        {
            table.Error(option.Position, $"the option '{option.Value}' and delay_updates exclude each other: write delay_updates = false beside it");
        }
    }
}

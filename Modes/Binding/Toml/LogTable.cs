using Deploy.Logs;

namespace Deploy.Modes.Binding.Toml;

/// <summary>The table <c>[log]</c>.</summary>
internal static class LogTable
{
    private static readonly Dictionary<string, string> Elsewhere = new(StringComparer.Ordinal)
    {
        ["log_write"] = "here error and access say where, \"stderr\" for no file",
        ["log_error_level"] = "here it is level",
        ["log_error_path"] = "here it is error",
        ["log_access_path"] = "here it is access",
    };

    /// <summary>Takes the table. Errors go to stderr where it does not say, and there is no access log.</summary>
    public static LogSettings Bind(TableBinder table)
    {
        var level = table.Text("level", "info");
        if (level is { } given && LogLevels.Parse(given.Value) is null)
        {
            table.Error(given.Position, $"level is '{given.Value}': expected {LogLevels.Known}");
        }

        var log = new LogSettings
        {
            Write = true,
            Level = level is { } word && LogLevels.Parse(word.Value) is { } parsed ? parsed : LogLevel.Info,
            ErrorPath = Place(table, "error") ?? "stderr",
            AccessPath = Place(table, "access") ?? string.Empty,
            Format = table.OneOf("format", "text", "json")?.Value == "json" ? LogFormat.Json : LogFormat.Text,
        };
        table.Close(Elsewhere);
        return log;
    }

    private static string? Place(TableBinder table, string key)
    {
        if (table.Filled(key, "/var/log/deploy/agent.%Y%m%d.log") is not { } given)
        {
            return null;
        }

        if (given.Value is not ("stderr" or "syslog") && !given.Value.StartsWith('/'))
        {
            table.Error(given.Position, $"{key} is '{given.Value}': expected \"stderr\", \"syslog\" or an absolute path, e.g. \"/var/log/deploy/{key}.%Y%m%d.log\"");
            return null;
        }

        return given.Value;
    }
}

using Deploy.Logs;

namespace Deploy.Modes.Binding.Toml;

/// <summary>The table <c>[log]</c>.</summary>
internal sealed record LogTable
{
    private static readonly Dictionary<string, string> Elsewhere = new(StringComparer.Ordinal)
    {
        ["log_write"] = "here error and access say where, \"stderr\" for no file",
        ["log_error_level"] = "here it is level",
        ["log_error_path"] = "here it is error",
        ["log_access_path"] = "here it is access",
    };

    /// <summary>The least urgent level that is kept.</summary>
    public LogLevel Level { get; init; } = LogLevel.Info;

    /// <summary>A path, strftime in it, or <c>syslog</c>, or <c>stderr</c>.</summary>
    public string Error { get; init; } = "stderr";

    /// <summary>As <see cref="Error"/>; empty keeps no access log.</summary>
    public string Access { get; init; } = string.Empty;

    /// <summary><c>text</c> or <c>json</c>.</summary>
    public string Format { get; init; } = "text";

    /// <summary>Takes the table.</summary>
    public static LogTable Bind(TableBinder table)
    {
        var level = table.Text("level", "info");
        if (level is { } given && LogLevels.Parse(given.Value) is null)
        {
            table.Error(given.Position, $"level is '{given.Value}': expected {LogLevels.Known}");
        }

        var log = new LogTable
        {
            Level = level is { } word && LogLevels.Parse(word.Value) is { } parsed ? parsed : LogLevel.Info,
            Error = Place(table, "error") ?? "stderr",
            Access = Place(table, "access") ?? string.Empty,
            Format = table.OneOf("format", "text", "json")?.Value ?? "text",
        };
        table.Close(Elsewhere);
        return log;
    }

    /// <summary>Says what this version does not do yet: it writes text to stderr.</summary>
    public void WarnOfPlaces(TableBinder table)
    {
        foreach (var (key, inForce) in new[] { ("error", Error == "stderr"), ("access", Access.Length == 0), ("format", Format == "text") })
        {
            if (!inForce)
            {
                table.WithoutEffect(key, "the log goes to stderr, as text");
            }
        }
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

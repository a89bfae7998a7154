namespace Deploy.Config.Toml;

/// <summary>A TOML file as values with their positions.</summary>
/// <param name="File">The path as it was given.</param>
/// <param name="Root">What stands outside every header, and all tables; with errors, whatever could be read besides.</param>
/// <param name="Errors">In the order of the file; empty when all of it was read. At most <see cref="TomlReader.MaxErrors"/> and one that says how many more.</param>
internal sealed record TomlDocument(string File, TomlValue.Table Root, IReadOnlyList<ConfigError> Errors);

/// <summary>A key and its value.</summary>
/// <param name="Key">This key alone: of <c>a.b = 1</c> there is an entry <c>a</c>, and in its table an entry <c>b</c>. The position is that of its own part, with its quotation mark.</param>
internal sealed record TomlEntry(Positioned<string> Key, TomlValue Value);

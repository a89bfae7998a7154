namespace Deploy.Config;

/// <summary>A place in a configuration file, for messages.</summary>
/// <param name="File">The path as it was given.</param>
/// <param name="Line">1-based; 0 means the file as a whole.</param>
/// <param name="Column">1-based, in UTF-16 units of the line as it stands in the file; 0 means the line as a whole.</param>
internal readonly record struct Position(string File, int Line, int Column)
{
    /// <summary>The file as a whole.</summary>
    public static Position Whole(string file) => new(file, 0, 0);

    /// <summary>The place <paramref name="columns"/> further right on the same line.</summary>
    public Position Right(int columns) => this with { Column = Column + columns };

    public override string ToString() => Line == 0 ? File : $"{File}:{Line}:{Column}";
}

/// <summary>A value and where it stands; what every reader of configuration gives, INI or TOML.</summary>
internal readonly record struct Positioned<T>(T Value, Position Position);

namespace Deploy.Config.Toml;

/// <summary>A value of a TOML file and where it stands; made by <see cref="TomlReader"/>.</summary>
/// <remarks>Nested at most <see cref="TomlReader.MaxDepth"/> deep, so that code which walks values may call itself.</remarks>
internal abstract record TomlValue
{
    private TomlValue(Position position) => Position = position;

    /// <summary>Where the value begins: its first character, so the quotation mark, the <c>[</c> or the <c>{</c>; of a table with a header its own part of the
    /// name in it (of a list of such tables that of the first); of a table that only keys or headers with dots made, its part of the first of them.</summary>
    public Position Position { get; }

    /// <summary>What kind of value this is, with its article, for messages: <c>a string</c>, <c>an integer</c>.</summary>
    public abstract string What { get; }

    /// <summary>A string of any of the four forms.</summary>
    /// <param name="Value">Valid UTF-16. Line breaks in a string of several lines are LF, however the file ends its lines.</param>
    /// <param name="Position">Of its opening quotation mark.</param>
    internal sealed record Text(string Value, Position Position) : TomlValue(Position)
    {
        public override string What => "a string";
    }

    /// <summary>A whole number, decimal, hexadecimal, octal or binary in the file.</summary>
    internal sealed record Integer(long Value, Position Position) : TomlValue(Position)
    {
        public override string What => "an integer";
    }

    /// <summary>A number with a fraction or an exponent, <c>inf</c> or <c>nan</c>.</summary>
    internal sealed record Real(double Value, Position Position) : TomlValue(Position)
    {
        public override string What => "a float";
    }

    /// <summary><c>true</c> or <c>false</c>.</summary>
    internal sealed record Flag(bool Value, Position Position) : TomlValue(Position)
    {
        public override string What => "a boolean";
    }

    /// <summary>A date, a time or both.</summary>
    /// <param name="Kind">Which parts it has.</param>
    /// <param name="Value">A day of the calendar and a time that exists, as RFC 3339 writes them: <c>T</c> between date and time, <c>Z</c> for no offset, seconds
    /// always, the fraction without zeros at its end: <c>1979-05-27T07:32:00.5Z</c>.</param>
    /// <param name="Position">Of its first digit.</param>
    internal sealed record Moment(TomlMomentKind Kind, string Value, Position Position) : TomlValue(Position)
    {
        public override string What => Kind switch
        {
            TomlMomentKind.OffsetDateTime => "a date and time with an offset",
            TomlMomentKind.LocalDateTime => "a date and time",
            TomlMomentKind.LocalDate => "a date",
            _ => "a time",
        };
    }

    /// <summary>A list: <c>[a, b]</c>, or every <c>[[name]]</c> of one name.</summary>
    internal sealed record List(IReadOnlyList<TomlValue> Items, Position Position) : TomlValue(Position)
    {
        public override string What => "a list";
    }

    /// <summary>A table: <c>[name]</c>, <c>{ … }</c>, an element of <c>[[name]]</c>, or what keys with dots made.</summary>
    internal sealed record Table : TomlValue
    {
        /// <summary>Entries up to which looking at each is quicker than an index, and smaller.</summary>
        private const int UnindexedEntries = 8;

        private readonly Dictionary<string, TomlEntry>? byKey;

        /// <param name="entries">Of different keys.</param>
        /// <param name="position">Of the whole.</param>
        public Table(IReadOnlyList<TomlEntry> entries, Position position)
            : base(position)
        {
            Entries = entries;
            byKey = entries.Count > UnindexedEntries ? entries.ToDictionary(entry => entry.Key.Value, StringComparer.Ordinal) : null;
        }

        /// <summary>In the order in which their keys first appear in the file; each key once.</summary>
        public IReadOnlyList<TomlEntry> Entries { get; }

        public override string What => "a table";

        /// <summary>The entry of exactly this key, or null.</summary>
        public TomlEntry? Find(string key) => byKey is null ? Entries.FirstOrDefault(entry => entry.Key.Value == key) : byKey.GetValueOrDefault(key);
    }
}

/// <summary>What parts a <see cref="TomlValue.Moment"/> has.</summary>
internal enum TomlMomentKind
{
    /// <summary><c>1979-05-27T07:32:00Z</c> or with <c>+01:00</c>: one instant.</summary>
    OffsetDateTime,

    /// <summary><c>1979-05-27T07:32:00</c>: no instant, for nobody says where.</summary>
    LocalDateTime,

    /// <summary><c>1979-05-27</c>.</summary>
    LocalDate,

    /// <summary><c>07:32:00</c>.</summary>
    LocalTime,
}

namespace Deploy.Config.Toml;

/// <summary>What made a table; it decides what may be added to it.</summary>
internal enum TomlOrigin
{
    /// <summary>The header of a table below it, <c>a</c> in <c>[a.b]</c>: it may still get its own.</summary>
    HeaderBelow,

    /// <summary>Its own header, or braces while they are open.</summary>
    Itself,

    /// <summary>Keys with dots, <c>a</c> in <c>a.b = 1</c>: it has no header.</summary>
    Keys,
}

/// <summary>A table while it is being read.</summary>
/// <param name="depth">In how many tables and lists it stands; the root in none.</param>
internal sealed class TomlNode(Position position, int depth, TomlOrigin origin)
{
    /// <summary>Entries up to which looking at each is quicker than an index, and smaller.</summary>
    private const int UnindexedEntries = 8;

    private readonly List<TomlSlot> slots = [];
    private Dictionary<string, TomlSlot>? byKey;

    /// <summary>As <see cref="TomlValue.Position"/>; a later header of its own moves it there.</summary>
    public Position Position { get; set; } = position;

    public int Depth { get; } = depth;

    public TomlOrigin Origin { get; set; } = origin;

    /// <summary>What stands at this key, or null.</summary>
    public TomlSlot? Find(string key) => byKey is null ? slots.Find(slot => slot.Key.Value == key) : byKey.GetValueOrDefault(key);

    /// <summary>Adds a key that is not there yet.</summary>
    public void Add(TomlSlot slot)
    {
        slots.Add(slot);
        if (byKey is not null)
        {
            byKey.Add(slot.Key.Value, slot);
        }
        else if (slots.Count > UnindexedEntries)
        {
            byKey = slots.ToDictionary(entry => entry.Key.Value, StringComparer.Ordinal);
        }
    }

    /// <summary>The table as it is now, with all below it.</summary>
    public TomlValue.Table Freeze() => new([.. slots.Select(slot => new TomlEntry(slot.Key, slot.Freeze()))], Position);
}

/// <summary>A key of a table that is being read.</summary>
/// <param name="Key">Where it stood first.</param>
internal abstract record TomlSlot(Positioned<string> Key)
{
    public abstract TomlValue Freeze();

    /// <summary>A value that is complete: nothing can be added to it, also not to a list in brackets or a table in braces.</summary>
    internal sealed record Complete(Positioned<string> Key, TomlValue Value) : TomlSlot(Key)
    {
        public override TomlValue Freeze() => Value;
    }

    /// <summary>A table that may grow.</summary>
    internal sealed record Single(Positioned<string> Key, TomlNode Table) : TomlSlot(Key)
    {
        public override TomlValue Freeze() => Table.Freeze();
    }

    /// <summary>The tables of <c>[[name]]</c>, at least one; the last may grow.</summary>
    internal sealed record Many(Positioned<string> Key, List<TomlNode> Tables) : TomlSlot(Key)
    {
        public override TomlValue Freeze() => new TomlValue.List([.. Tables.Select(table => table.Freeze())], Key.Position);
    }
}

namespace Deploy.Config.Toml;

/// <summary>Which key may stand where, and the tables that headers and keys with dots make.</summary>
/// <remarks>
/// A table is made once: by its header, by keys with dots, or in braces. A header goes through what other headers and keys made, and into the last table of a
/// <c>[[list]]</c>; keys with dots go only through what keys made, or what has no header of its own. What stands in braces or brackets is complete.
/// </remarks>
internal sealed class TomlTables(string file, TomlErrors errors)
{
    public TomlNode Root { get; } = new(new Position(file, 1, 1), 0, TomlOrigin.Itself);

    /// <summary>A table of no name, for what stands below a header that could not be used: its keys are read for their own mistakes.</summary>
    public TomlNode Nowhere() => new(Position.Whole(file), 0, TomlOrigin.Itself);

    /// <summary>The table of the header <c>[name]</c>; where it may not stand, which is told, the one that is there already or else <see cref="Nowhere"/>.</summary>
    public TomlNode Open(IReadOnlyList<Positioned<string>> name)
    {
        if (Parent(name, levels: 1) is not { } parent)
        {
            return Nowhere();
        }

        var own = name[^1];
        string shown = TomlErrors.Shown(name, name.Count);
        switch (parent.Find(own.Value))
        {
            case null:
                var table = new TomlNode(own.Position, parent.Depth + 1, TomlOrigin.Itself);
                parent.Add(new TomlSlot.Single(own, table));
                return table;

            case TomlSlot.Single(_, { Origin: TomlOrigin.HeaderBelow } open):
                open.Origin = TomlOrigin.Itself;
                open.Position = own.Position;
                return open;

            case TomlSlot.Single(_, { Origin: TomlOrigin.Itself } twice):
                errors.Add(own.Position, $"[{shown}] stands twice, first at line {twice.Position.Line}; put its keys together");
                return twice;

            case TomlSlot.Single(var key, var ofKeys):
                errors.Add(own.Position, $"[{shown}] has been made at line {key.Position.Line} already, by a key with dots; put its keys together");
                return ofKeys;

            case TomlSlot.Many(var key, var tables):
                errors.Add(own.Position, $"[[{shown}]] at line {key.Position.Line} makes a list of tables; write [[{shown}]] here as well, to add to it");
                return Added(parent, tables, own);

            case { } complete:
                errors.Add(own.Position, $"[{shown}] cannot stand here: '{shown}' is {What(complete)} at line {complete.Key.Position.Line}");
                return Nowhere();
        }
    }

    /// <summary>The table of the header <c>[[name]]</c>, as <see cref="Open"/>.</summary>
    public TomlNode Append(IReadOnlyList<Positioned<string>> name)
    {
        // The list and the table in it are two levels.
        if (Parent(name, levels: 2) is not { } parent)
        {
            return Nowhere();
        }

        var own = name[^1];
        string shown = TomlErrors.Shown(name, name.Count);
        switch (parent.Find(own.Value))
        {
            case null:
                var tables = new List<TomlNode>();
                parent.Add(new TomlSlot.Many(own, tables));
                return Added(parent, tables, own);

            case TomlSlot.Many(_, var more):
                return Added(parent, more, own);

            case { } other:
                errors.Add(own.Position, $"[[{shown}]] makes a list of tables, but '{shown}' is {What(other)} at line {other.Key.Position.Line}");
                return Nowhere();
        }
    }

    /// <summary>Adds <c>key = value</c> to this table; where it may not stand it is told and left out.</summary>
    public void Define(TomlNode table, IReadOnlyList<Positioned<string>> key, TomlValue value)
    {
        for (int i = 0; i < key.Count - 1; i++)
        {
            var part = key[i];
            switch (table.Find(part.Value))
            {
                case null:
                    var next = new TomlNode(part.Position, table.Depth + 1, TomlOrigin.Keys);
                    table.Add(new TomlSlot.Single(part, next));
                    table = next;
                    break;

                case TomlSlot.Single(_, { Origin: not TomlOrigin.Itself } open):
                    open.Origin = TomlOrigin.Keys;
                    table = open;
                    break;

                case TomlSlot.Single(_, var headed):
                    errors.Add(part.Position, $"'{TomlErrors.Shown(key, i + 1)}' has its own header at line {headed.Position.Line}; put this key there");
                    return;

                case TomlSlot.Complete(var first, TomlValue.Table):
                    errors.Add(part.Position, $"'{TomlErrors.Shown(key, i + 1)}' is complete in its braces at line {first.Position.Line}; put this key between them");
                    return;

                case { } other:
                    errors.Add(part.Position, $"'{TomlErrors.Shown(key, i + 1)}' is {What(other)} at line {other.Key.Position.Line}, in which no key can stand");
                    return;
            }
        }

        var own = key[^1];
        if (table.Find(own.Value) is { } there)
        {
            errors.Add(own.Position, $"the key '{TomlErrors.Shown(key, key.Count)}' stands already at line {there.Key.Position.Line}");
        }
        else
        {
            table.Add(new TomlSlot.Complete(own, value));
        }
    }

    /// <summary>The table in which the last part of a header's name is looked up; null when there can be none, which is told.</summary>
    /// <param name="name">Of the header.</param>
    /// <param name="levels">How many levels of tables and lists its last part makes.</param>
    private TomlNode? Parent(IReadOnlyList<Positioned<string>> name, int levels)
    {
        var table = Root;
        for (int i = 0; i < name.Count - 1; i++)
        {
            var part = name[i];
            switch (table.Find(part.Value))
            {
                case null when !Fits(table.Depth + 1, part.Position):
                    return null;

                case null:
                    var next = new TomlNode(part.Position, table.Depth + 1, TomlOrigin.HeaderBelow);
                    table.Add(new TomlSlot.Single(part, next));
                    table = next;
                    break;

                case TomlSlot.Single(_, var open):
                    table = open;
                    break;

                case TomlSlot.Many(_, [.., var last]):
                    table = last;
                    break;

                case { } other:
                    errors.Add(part.Position, $"no header can add to '{TomlErrors.Shown(name, i + 1)}', which is {What(other)} at line {other.Key.Position.Line}");
                    return null;
            }
        }

        return Fits(table.Depth + levels, name[^1].Position) ? table : null;
    }

    /// <summary>False when a table or list would stand too deep, which is told.</summary>
    public bool Fits(int depth, Position position)
    {
        if (depth > TomlReader.MaxDepth)
        {
            errors.Add(position, $"tables and lists stand in one another more than {TomlReader.MaxDepth} deep here");
        }

        return depth <= TomlReader.MaxDepth;
    }

    private static TomlNode Added(TomlNode parent, List<TomlNode> tables, Positioned<string> own)
    {
        var table = new TomlNode(own.Position, parent.Depth + 2, TomlOrigin.Itself);
        tables.Add(table);
        return table;
    }

    private static string What(TomlSlot slot) => slot switch
    {
        TomlSlot.Complete(_, TomlValue.Table) => "a table in braces",
        TomlSlot.Complete(_, TomlValue.List) => "a list in brackets",
        TomlSlot.Complete(_, var value) => value.What,
        TomlSlot.Many => "a list of tables",
        _ => "a table",
    };
}

using Deploy.Config;
using Deploy.Config.Toml;
using Deploy.Jobs.Commands;
using Deploy.Modes.Binding.Toml;

namespace Deploy.Modes.Agent.Toml;

/// <summary>Binds one <c>[command.NAME]</c>: argv, its typed parameters, its time.</summary>
internal static class CommandTable
{
    private const string Kinds = "{ enum = [\"reload\", \"restart\"] }, { int = [1, 100] }, { name = true }, { relpath = true }, { regex = \"v[0-9.]+\" } or { words = true }";

    /// <summary>The command; what is wrong with it is reported, and the entry is then disabled.</summary>
    public static CommandEntry Bind(TableBinder table, Positioned<string> name)
    {
        if (name.Value.Length == 0 || name.Value.AsSpan().IndexOfAny(',', '|') >= 0 || name.Value.Any(char.IsControl))
        {
            table.Error(name.Position, $"'{name.Value}' is no name for a command: expected at least one character, without comma, bar and control characters");
        }

        var argv = Argv(table);
        var timeout = table.Duration("timeout", TimeSpan.FromSeconds(1), TimeSpan.FromDays(7));
        var parameters = table.Untaken().ToList().ToDictionary(key => key.Value, key => Parameter(table, key), StringComparer.Ordinal);
        table.Close();
        string line = string.Join(' ', argv.Select(word => word.Value));
        return argv.Count > 0 && IsSound(table, argv, parameters)
            ? new CommandEntry { Name = name.Value, Line = line, Form = TypedCommand.Of([.. argv.Select(word => word.Value)], parameters.ToDictionary(pair => pair.Key, pair => pair.Value!)), Timeout = timeout }
            : new CommandEntry { Name = name.Value, Line = line, DisabledReason = "its configuration has mistakes" };
    }

    private static IReadOnlyList<Positioned<string>> Argv(TableBinder table)
    {
        var argv = table.Texts("argv", "/usr/bin/systemctl") ?? [];
        table.Require("argv", "the program and its arguments", "[\"/usr/bin/systemctl\", \"reload\", \"nginx\"]");
        if (argv is [var program, ..] && !program.Value.StartsWith('/'))
        {
            table.Error(program.Position, $"argv: the program is '{program.Value}': expected its absolute path, e.g. \"/usr/bin/{System.IO.Path.GetFileName(program.Value)}\"");
        }

        return argv;
    }

    private static CommandParameter? Parameter(TableBinder table, Positioned<string> key)
    {
        string name = key.Value;
        if (table.Take(name) is not TomlValue.Table inner)
        {
            string hint = NearestName.Find(name, ["argv", "timeout"]) is { } nearest ? $"; did you mean '{nearest}'?" : string.Empty;
            table.Error(key.Position, $"'{name}' is neither argv, nor timeout, nor a parameter, which is a table: expected {name} = {Kinds}{hint}");
            return null;
        }

        if (inner.Entries is not [var only])
        {
            table.Error(key.Position, $"the parameter '{name}' has {inner.Entries.Count} kinds: expected one, {name} = {Kinds}");
            return null;
        }

        var parameter = (only.Key.Value, only.Value) switch
        {
            ("enum", TomlValue.List list) => Choice(table, name, list),
            ("int", TomlValue.Flag { Value: true }) => new CommandParameter.Whole(name, 0, int.MaxValue),
            ("int", TomlValue.List { Items: [TomlValue.Integer { Value: var least }, TomlValue.Integer { Value: var most }] }) when least <= most => new CommandParameter.Whole(name, least, most),
            ("name", TomlValue.Flag { Value: true }) => new CommandParameter.Word(name),
            ("relpath", TomlValue.Flag { Value: true }) => new CommandParameter.RelativePath(name),
            ("words", TomlValue.Flag { Value: true }) => new CommandParameter.Words(name),
            ("regex", TomlValue.Text text) => Matching(table, name, text),
            _ => Unknown(table, name, only),
        };
        return parameter;
    }

    private static CommandParameter.Choice? Choice(TableBinder table, string name, TomlValue.List list)
    {
        if (list.Items.Count == 0 || list.Items.Any(item => item is not TomlValue.Text { Value.Length: > 0 }))
        {
            table.Error(list.Position, $"the parameter '{name}': expected a list of words, e.g. enum = [\"reload\", \"restart\"]");
            return null;
        }

        return new CommandParameter.Choice(name, [.. list.Items.Select(item => ((TomlValue.Text)item).Value)]);
    }

    private static CommandParameter.Matching? Matching(TableBinder table, string name, TomlValue.Text pattern)
    {
        if (CommandParameter.Matching.Problem(pattern.Value) is { } problem)
        {
            table.Error(pattern.Position, $"the parameter '{name}': its regex is not taken: {problem}");
            return null;
        }

        return new CommandParameter.Matching(name, pattern.Value);
    }

    private static CommandParameter? Unknown(TableBinder table, string name, TomlEntry kind)
    {
        table.Error(kind.Key.Position, $"the parameter '{name}' is of no kind that is known ('{kind.Key.Value}' with {kind.Value.What}): expected {name} = {Kinds}");
        return null;
    }

    /// <summary>Every name in argv is declared and every parameter used, words stand alone and last, and no request can write code.</summary>
    /// <param name="table">The command's table.</param>
    /// <param name="argv">The words of argv.</param>
    /// <param name="parameters">By name; null for one that was reported.</param>
    private static bool IsSound(TableBinder table, IReadOnlyList<Positioned<string>> argv, Dictionary<string, CommandParameter?> parameters)
    {
        bool sound = !parameters.ContainsValue(null);
        var named = new List<string>();
        foreach (var word in argv)
        {
            foreach (string parameter in TypedCommand.NamesIn(word.Value))
            {
                if (!parameters.TryGetValue(parameter, out var declared))
                {
                    Wrong(word.Position, $"argv names the parameter '{parameter}', and the table has no such key: expected {parameter} = {Kinds}");
                }
                else if (declared is CommandParameter.Words && word.Value != $"{{{parameter}}}")
                {
                    Wrong(word.Position, $"'{parameter}' stands for any number of words: expected it alone in its string, \"{{{parameter}}}\"");
                }

                named.Add(parameter);
            }
        }

        foreach (var unused in parameters.Keys.Except(named))
        {
            Wrong(table.Keys().First(key => key.Value == unused).Position, $"the parameter '{unused}' does not stand in argv: expected \"{{{unused}}}\" there");
        }

        if (named.Distinct().ToList() is var order && order.FindIndex(name => parameters.GetValueOrDefault(name) is CommandParameter.Words) is >= 0 and var at && at < order.Count - 1)
        {
            Wrong(argv[0].Position, $"'{order[at]}' takes all words that are left: expected it as the last parameter of argv");
        }

        List<string> words = [.. argv.Select(word => word.Value)];
        for (int slot = 0; slot < words.Count && sound; slot++)
        {
            if (TypedCommand.NamesIn(words[slot]).Any(name => parameters[name] is not (CommandParameter.Choice or CommandParameter.Whole)) && CommandInjection.Find(words, slot) is { } injection)
            {
                Wrong(argv[slot].Position, $"{injection}: write a small script that checks its arguments and name that script here");
            }
        }

        return sound;

        void Wrong(Position position, string what)
        {
            table.Error(position, what);
            sound = false;
        }
    }
}

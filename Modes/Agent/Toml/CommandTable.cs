using Deploy.Config;
using Deploy.Config.Toml;
using Deploy.Jobs.Commands;
using Deploy.Modes.Binding.Toml;

namespace Deploy.Modes.Agent.Toml;

/// <summary>Binds one <c>[command.NAME]</c>: argv, its typed parameters, its time.</summary>
internal static class CommandTable
{
    private const string Kinds = "{ enum = [\"reload\", \"restart\"] }, { int = [1, 100] }, { name = true }, { relpath = true }, { regex = \"v[0-9.]+\" } or { words = true }";

    /// <summary>What may stand behind each kind of parameter.</summary>
    private static readonly Dictionary<string, string> ExampleOf = new(StringComparer.Ordinal)
    {
        ["enum"] = "a list of words, enum = [\"reload\", \"restart\"]",
        ["int"] = "the least and the most, int = [1, 100], or int = true",
        ["name"] = "name = true",
        ["relpath"] = "relpath = true",
        ["regex"] = "a pattern, regex = \"v[0-9.]+\"",
        ["words"] = "words = true",
    };

    /// <summary>The command; what is wrong with it is reported, and the entry is then disabled.</summary>
    public static CommandEntry Bind(TableBinder table, Positioned<string> name)
    {
        if (name.Value.Length == 0 || name.Value.AsSpan().IndexOfAny(',', '|') >= 0 || name.Value.Any(char.IsControl))
        {
            table.Error(name.Position, $"'{name.Value}' is no name for a command: expected at least one character, without comma, bar and control characters");
        }

        var argv = Argv(table);
        var timeout = table.Duration("timeout", TimeSpan.FromSeconds(1), Quantities.Longest);
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
        if (argv is [var program, ..] && !program.Value.StartsWith('/') && program.Value.Contains('/', StringComparison.Ordinal))
        {
            table.Error(program.Position, $"argv: the program is '{program.Value}': expected its absolute path, e.g. \"/usr/bin/{System.IO.Path.GetFileName(program.Value)}\", or a bare name, which is looked for in {CommandRuns.SearchPath}");
        }

        return argv;
    }

    private static CommandParameter? Parameter(TableBinder table, Positioned<string> key)
    {
        string name = key.Value;
        if (table.Take(name) is not TomlValue.Table inner)
        {
            table.Error(key.Position, NearestName.Find(name, ["argv", "timeout"]) is { } nearest
                ? $"unknown key '{name}' in [{table.Path}]; did you mean '{nearest}'?"
                : $"'{name}' is neither argv nor timeout nor a parameter, which is a table: expected {name} = {Kinds}");
            return null;
        }

        if (inner.Entries is not [var (kind, value)])
        {
            table.Error(key.Position, $"the parameter '{name}' has {inner.Entries.Count} kinds: expected one, {name} = {Kinds}");
            return null;
        }

        switch (kind.Value, value)
        {
            case ("enum", TomlValue.List { Items.Count: > 0 } list) when list.Items.All(item => item is TomlValue.Text { Value.Length: > 0 }):
                return new CommandParameter.Choice(name, [.. list.Items.Select(item => ((TomlValue.Text)item).Value)]);
            case ("int", TomlValue.Flag { Value: true }):
                return new CommandParameter.Whole(name, 0, int.MaxValue);
            case ("int", TomlValue.List { Items: [TomlValue.Integer { Value: var least }, TomlValue.Integer { Value: var most }] }) when least <= most:
                return new CommandParameter.Whole(name, least, most);
            case ("name", TomlValue.Flag { Value: true }):
                return new CommandParameter.Word(name);
            case ("relpath", TomlValue.Flag { Value: true }):
                return new CommandParameter.RelativePath(name);
            case ("words", TomlValue.Flag { Value: true }):
                return new CommandParameter.Words(name);
            case ("regex", TomlValue.Text pattern):
                return Matching(table, name, pattern);
            default:
                table.Error(ExampleOf.ContainsKey(kind.Value) ? value.Position : kind.Position, $"the parameter '{name}': {Expected(kind.Value)}");
                return null;
        }
    }

    /// <summary>What was expected of a kind with a wrong value, or instead of a kind that nobody knows.</summary>
    private static string Expected(string kind)
    {
        if (ExampleOf.TryGetValue(kind, out var example))
        {
            return $"expected {example}";
        }

        string hint = NearestName.Find(kind, ExampleOf.Keys) is { } nearest ? $"; did you mean '{nearest}'?" : string.Empty;
        return $"'{kind}' is no kind: expected {Kinds}{hint}";
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

        foreach (string unused in parameters.Where(parameter => parameter.Value is not null).Select(parameter => parameter.Key).Except(named))
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

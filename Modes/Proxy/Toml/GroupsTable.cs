using Deploy.Config;
using Deploy.Config.Toml;
using Deploy.Model;
using Deploy.Model.Hosts;
using Deploy.Modes.Binding.Toml;

namespace Deploy.Modes.Proxy.Toml;

/// <summary>The table <c>[groups]</c>: names for hosts, and which of them are protected.</summary>
/// <param name="Groups">The hosts of each group that is right.</param>
/// <param name="Names">Every group that the file names, right or wrong.</param>
/// <param name="Protected">Groups, of <paramref name="Names"/>.</param>
/// <param name="IsWhole">False where groups may be missing because of a mistake in the file.</param>
internal sealed record GroupsTable(IReadOnlyDictionary<string, HostSet> Groups, IReadOnlyCollection<string> Names, IReadOnlyList<string> Protected, bool IsWhole)
{
    private const string Example = "web-[001-040],db-001";

    /// <summary>Takes the table.</summary>
    /// <param name="table">The binder of <c>[groups]</c>.</param>
    /// <param name="hosts">The hosts of <c>[hosts]</c>.</param>
    public static GroupsTable Bind(TableBinder table, HostsTable hosts)
    {
        var guarded = table.Texts("protected", "web") ?? [];
        var names = table.Untaken().Select(key => key.Value).ToList();
        var texts = Texts(table);
        var expressions = new Dictionary<string, HostExpression>(StringComparer.Ordinal);
        foreach (var (name, text) in texts)
        {
            if (HostExpression.TryParse(text.Value, ports: false, out var expression, out var mistake))
            {
                expressions.Add(name, expression);
            }
            else
            {
                Report(table, name, text, mistake.Offset, $"{mistake.What}; {mistake.Expected}");
            }
        }

        // A group that could not be read is no unknown name.
        var resolved = new HostGroups(names.ToDictionary(name => name, name => expressions.GetValueOrDefault(name) ?? new HostExpression([]), StringComparer.Ordinal));
        foreach (var (name, mistake) in resolved.Mistakes.Where(found => table.IsWhole || found.Mistake.Unknown is null))
        {
            string hint = mistake.Unknown is GroupReference unknown ? $": expected a group of this table{Meant("@" + unknown.Name, names.Select(known => "@" + known))}" : $"; {mistake.Expected}";
            Report(table, name, texts[name], mistake.Offset, mistake.What + hint);
        }

        if (hosts.IsWhole)
        {
            ReportUnknownHosts(table, texts, expressions, hosts.Hosts);
        }

        foreach (var odd in guarded.Where(name => table.IsWhole && !names.Contains(name.Value)))
        {
            table.Error(odd.Position, $"protected: '{odd.Value}' is no group of this table: expected the name of one{Meant(odd.Value, names)}");
        }

        var groups = expressions.Keys
            .Select(name => (Name: name, Hosts: resolved.Find(new GroupReference(name))))
            .Where(group => group.Hosts is not null)
            .ToDictionary(group => group.Name, group => group.Hosts!, StringComparer.Ordinal);
        foreach (var (name, set) in groups.Where(group => group.Value.Count == 0))
        {
            table.Warn(texts[name].Position, $"the group '{name}' has no host");
        }

        return new GroupsTable(groups, names, [.. guarded.Select(name => name.Value).Distinct(StringComparer.Ordinal)], table.IsWhole);
    }

    /// <summary>What stands in the groups, by name; what is no text or has no name is reported.</summary>
    private static Dictionary<string, Positioned<string>> Texts(TableBinder table)
    {
        var texts = new Dictionary<string, Positioned<string>>(StringComparer.Ordinal);
        foreach (var name in table.Untaken().ToList())
        {
            if (name.Value.Length == 0 || !name.Value.All(HostName.IsLetter))
            {
                table.Error(name.Position, $"'{name.Value}' is no name for a group: expected letters, digits, '.', '-' and '_', so that @NAME can stand for it");
            }

            if (table.Take(name.Value) is TomlValue.Text text)
            {
                texts.Add(name.Value, new Positioned<string>(text.Value, text.Position));
            }
            else
            {
                table.Text(name.Value, Example); // says what it is and what was expected
            }
        }

        return texts;
    }

    /// <summary>Reports terms that name hosts which <c>[hosts]</c> does not have; an exclusion of nobody would leave in whom it meant.</summary>
    private static void ReportUnknownHosts(TableBinder table, Dictionary<string, Positioned<string>> texts, Dictionary<string, HostExpression> expressions, IReadOnlyDictionary<string, ProxyHost> hosts)
    {
        long steps = 0;
        foreach (var (name, expression) in expressions)
        {
            foreach (var term in expression.Terms.Where(term => term.Pattern is not null))
            {
                if ((steps += term.Pattern!.Count) > Limits.HostSteps)
                {
                    Report(table, name, texts[name], term.Offset, $"with those before it, the groups name more than {Limits.HostSteps} hosts: expected fewer");
                    return;
                }

                var unknown = term.Pattern.Expand().Where(host => !hosts.ContainsKey(host)).ToList();
                if (unknown.Count > 0)
                {
                    string more = unknown.Count > 1 ? $" and {unknown.Count - 1} more are" : " is";
                    Report(table, name, texts[name], term.Offset, $"'{unknown[0]}'{more} not in [hosts]: expected hosts that are{Meant(unknown[0], hosts.Keys.Where(known => !DifferInNumber(unknown[0], known)))}");
                }
            }
        }
    }

    /// <summary>True for names such as web-041 and web-040: neighbours, and hardly one meant for the other.</summary>
    private static bool DifferInNumber(string one, string other) =>
        one.Length == other.Length && one.Zip(other).All(pair => pair.First == pair.Second || (char.IsAsciiDigit(pair.First) && char.IsAsciiDigit(pair.Second)));

    /// <summary>Reports a mistake where it stands in a group's text; in a text of several lines, at its beginning.</summary>
    private static void Report(TableBinder table, string group, Positioned<string> text, int offset, string what)
    {
        int line = text.Value.AsSpan(0, offset).Count('\n');
        var position = text.Value.Contains('\n') ? text.Position : text.Position.Right(1 + offset); // 1 is the quotation mark
        table.Error(position, $"the group '{group}'{(line > 0 ? $", line {line + 1} of its text" : string.Empty)}: {what}");
    }

    private static string Meant(string name, IEnumerable<string> known) => NearestName.Find(name, known) is { } nearest ? $"; did you mean '{nearest}'?" : string.Empty;
}

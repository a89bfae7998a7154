using System.Diagnostics.CodeAnalysis;

namespace Deploy.Model.Hosts;

/// <summary>The hosts of a job as they were frozen: names and bracket parts alone, <c>db-001,web-[001-040]</c>. Membership is tested in the text's own size: nothing is expanded.</summary>
internal sealed class FrozenHosts
{
    private readonly HostExpression names;

    private FrozenHosts(HostExpression names) => this.names = names;

    /// <summary>Reads a folded list, of <see cref="Limits.Hosts"/> at most.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out FrozenHosts? hosts, [NotNullWhen(false)] out HostMistake? mistake)
    {
        hosts = null;
        if (!HostExpression.TryParse(text, ports: false, out var names, out mistake))
        {
            return false;
        }

        long count = 0;
        foreach (var term in names.Terms)
        {
            if (term is not { Sign: HostSign.Add, Pattern: { } pattern })
            {
                mistake = new HostMistake(term.Offset, $"'{text[term.Offset]}' in the hosts of a job", "they are names and bracket parts alone, e.g. db-001,web-[001-040]");
                return false;
            }

            count += pattern.Count;
            if (count > Limits.Hosts)
            {
                mistake = new HostMistake(term.Offset, $"more than {Limits.Hosts} hosts", "a job has fewer");
                return false;
            }
        }

        hosts = new FrozenHosts(names);
        return true;
    }

    /// <summary>True for a host of the list, in whatever case.</summary>
    public bool Contains(string host) => names.Terms.Any(term => term.Pattern!.Contains(host));

    /// <summary>A host as the list writes it; null where it is not there.</summary>
    /// <param name="host">In whatever case.</param>
    public string? Find(string host) => names.Terms.Select(term => term.Pattern!.Find(host)).FirstOrDefault(found => found is not null);

    /// <summary>The hosts, in the order of the list, each once.</summary>
    public IEnumerable<string> Expand() => names.Terms.SelectMany(term => term.Pattern!.Expand()).Distinct(HostName.Comparer);
}

using System.Diagnostics.CodeAnalysis;

namespace Deploy.Model.Hosts;

/// <summary>Hosts as people write them: <c>web-[01-20],db-001,!web-07,&amp;@live</c>. The grammar stands at <see cref="HostReader"/>.</summary>
/// <param name="terms">From left to right; the first one adds.</param>
internal sealed class HostExpression(IReadOnlyList<HostTerm> terms)
{
    /// <summary>From left to right; none for a text without hosts.</summary>
    public IReadOnlyList<HostTerm> Terms => terms;

    /// <summary>Reads a text; nothing is expanded.</summary>
    /// <param name="text">Empty, or blanks and commas alone, is an expression without terms.</param>
    /// <param name="ports">Whether hosts may name a port: those that are to be asked may, names of agents may not.</param>
    /// <param name="expression">What was read.</param>
    /// <param name="mistake">The first mistake.</param>
    public static bool TryParse(string text, bool ports, [NotNullWhen(true)] out HostExpression? expression, [NotNullWhen(false)] out HostMistake? mistake)
    {
        var reader = new HostReader(text, ports);
        expression = reader.Read() is { } read ? new HostExpression(read) : null;
        mistake = reader.Mistake;
        return expression is not null;
    }

    /// <summary>The hosts, in the order in which they first come. Terms of one sign that follow each other are taken at once: <c>a,!b,!c</c> is a without both.</summary>
    /// <param name="find">The hosts of a group or a job; null for one that it does not know.</param>
    /// <param name="hosts">What stands in the end.</param>
    /// <param name="mistake">A reference that is unknown, or too many hosts.</param>
    public bool TryResolve(Func<HostReference, HostSet?> find, [NotNullWhen(true)] out HostSet? hosts, [NotNullWhen(false)] out HostMistake? mistake)
    {
        hosts = null;
        var stands = HostSet.Empty;
        long steps = 0;
        for (int at = 0, end; at < terms.Count; at = end)
        {
            var sign = terms[at].Sign;
            var named = new List<IEnumerable<string>>();
            steps += stands.Count;
            for (end = at; end == at || (end < terms.Count && terms[end].Sign == sign && sign != HostSign.Keep); end++)
            {
                var term = terms[end];
                if (term.Pattern is { } pattern)
                {
                    named.Add(pattern.Expand());
                    steps += pattern.Count;
                }
                else if (find(term.Reference!) is { } set)
                {
                    named.Add(set);
                    steps += set.Count;
                }
                else
                {
                    mistake = Unknown(term);
                    return false;
                }

                if (steps > Limits.HostSteps)
                {
                    mistake = new HostMistake(term.Offset, $"the same hosts again and again, over {Limits.HostSteps} in all", "name each group once");
                    return false;
                }
            }

            var operand = HostSet.Of(named.SelectMany(names => names).Distinct(HostName.Comparer).Take(Limits.Hosts + 1));
            stands = sign switch
            {
                HostSign.LeaveOut => stands.Except(operand),
                HostSign.Keep => stands.Intersect(operand),
                _ => stands.Union(operand),
            };
            if (operand.Count > Limits.Hosts || stands.Count > Limits.Hosts)
            {
                mistake = TooMany(terms[at].Offset);
                return false;
            }
        }

        hosts = stands;
        mistake = null;
        return true;
    }

    /// <summary>The mistake of a term whose reference nobody knows.</summary>
    public static HostMistake Unknown(HostTerm term) => new(term.Offset, $"{term.Reference} is not known", "a group or a job that is known stands there, e.g. @web", term.Reference);

    private static HostMistake TooMany(int offset) => new(offset, $"more than {Limits.Hosts} hosts", "name fewer at once");
}

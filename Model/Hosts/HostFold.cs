using System.Globalization;
using System.Text;

namespace Deploy.Model.Hosts;

/// <summary>Writes hosts in the fewest words: <c>web-001,web-002,db-001,web-003</c> is <c>db-001,web-[001-003]</c>.</summary>
/// <remarks>
/// Canonical: the same hosts give the same text in whatever order they come, and reading the text gives the same hosts. The terms are in
/// <see cref="HostOrder"/>, so are the numbers in a bracket part. Names fold together that differ in one number alone. Of names with several numbers
/// (<c>web-001.eu1</c>) the one is folded that leaves the fewest terms, of equals the last; it is the same one for all names of one form. Never folded are a port, an IPv6 address and
/// a number of more than <see cref="Limits.HostDigits"/> digits. Zeros in front are part of a number: <c>a1,a01</c> is <c>a[1,01]</c>. Of hosts that
/// differ in case, the term is written as its first host is. (ClusterShell's nodeset folds alike, but in all numbers at once.)
/// </remarks>
internal static class HostFold
{
    /// <summary>How many of the numbers in which names differ are tried, from the right: for time, where names are hostile.</summary>
    private const int NumbersTried = 4;

    /// <summary>The canonical text; empty for no host.</summary>
    /// <param name="hosts">Each a host that <see cref="HostPattern"/> would read; what stands twice counts once.</param>
    public static string Fold(IEnumerable<string> hosts) => string.Join(',', hosts
        .Distinct(HostName.Comparer)
        .Select(host => new NumberedHost(host))
        .GroupBy(host => host.Form, StringComparer.OrdinalIgnoreCase)
        .SelectMany(form => FoldForm([.. form]))
        .OrderBy(term => term.First, HostOrder.Natural)
        .Select(term => term.Text));

    /// <summary>The terms of names that are equal but for their numbers, each with its first host.</summary>
    private static IEnumerable<(string First, string Text)> FoldForm(List<NumberedHost> hosts)
    {
        if (hosts.Count == 1)
        {
            return [(hosts[0].Host, hosts[0].Host)];
        }

        var (place, terms) = Enumerable.Range(0, hosts[0].Numbers.Count)
            .Where(place => hosts.Exists(host => host.Number(place) != hosts[0].Number(place)))
            .TakeLast(NumbersTried)
            .Reverse()
            .Select(place => (place, hosts.GroupBy(host => host.Without(place), StringComparer.OrdinalIgnoreCase).ToList()))
            .MinBy(fold => fold.Item2.Count);
        return terms.Select(term => FoldTerm([.. term.OrderBy(host => host.Host, HostOrder.Natural)], place));
    }

    /// <summary>One term of names that differ in the number at one place alone.</summary>
    private static (string First, string Text) FoldTerm(List<NumberedHost> hosts, int place)
    {
        string first = hosts[0].Host;
        if (hosts.Count == 1)
        {
            return (first, first);
        }

        var (start, length) = hosts[0].Numbers[place];
        return (first, $"{first[..start]}[{FoldNumbers(hosts.ConvertAll(host => host.Number(place)))}]{first[(start + length)..]}");
    }

    private static StringBuilder FoldNumbers(List<string> numbers)
    {
        var text = new StringBuilder();
        for (int from = 0, to; from < numbers.Count; from = to + 1)
        {
            to = from;
            while (to + 1 < numbers.Count && Follows(numbers[from], numbers[to], numbers[to + 1]))
            {
                to++;
            }

            text.Append(from > 0 ? "," : string.Empty).Append(numbers[from]).Append(to > from ? "-" + numbers[to] : string.Empty);
        }

        return text;
    }

    /// <summary>True where a range that starts with one number, and has come to another, names the next one just as it is written.</summary>
    private static bool Follows(string first, string last, string next)
    {
        bool padded = first.Length > 1 && first[0] == '0';
        return Value(next) == Value(last) + 1 && (next.Length == last.Length || (!padded && next[0] != '0'));
    }

    private static int Value(string number) => int.Parse(number, NumberStyles.None, CultureInfo.InvariantCulture);

    /// <summary>A host and where its numbers stand.</summary>
    private sealed class NumberedHost
    {
        public NumberedHost(string host)
        {
            Host = host;
            string address = HostName.Split(host).Address;
            int end = address.Contains(':', StringComparison.Ordinal) ? 0 : address.Length;
            var form = new StringBuilder();
            for (int at = 0, next; at < end; at = next)
            {
                bool digits = char.IsAsciiDigit(host[at]);
                next = at + 1;
                while (next < end && char.IsAsciiDigit(host[next]) == digits)
                {
                    next++;
                }

                if (digits && next - at <= Limits.HostDigits)
                {
                    Numbers.Add((at, next - at));
                    form.Append(Blank);
                }
                else
                {
                    form.Append(host, at, next - at);
                }
            }

            Form = form.Append(host, end, host.Length - end).ToString();
        }

        /// <summary>Stands for a number; no letter of a host.</summary>
        private const char Blank = '#';

        public string Host { get; }

        /// <summary>The name with its numbers blanked out.</summary>
        public string Form { get; }

        public List<(int Start, int Length)> Numbers { get; } = [];

        public string Number(int place) => Host.Substring(Numbers[place].Start, Numbers[place].Length);

        /// <summary>The name with one number blanked out.</summary>
        public string Without(int place) => $"{Host.AsSpan(0, Numbers[place].Start)}{Blank}{Host.AsSpan(Numbers[place].Start + Numbers[place].Length)}";
    }
}

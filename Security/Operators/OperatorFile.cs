using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Deploy.Model;
using Deploy.Model.Text;
using Deploy.Security.Keys;

namespace Deploy.Security.Operators;

/// <summary>A mistake in authorized_operators.</summary>
/// <param name="Line">From 1.</param>
/// <param name="What">One line, safe to print.</param>
internal sealed record OperatorMistake(int Line, string What)
{
    /// <summary>Fingerprint of the key in that line; null where there is none to be found.</summary>
    public string? Key { get; init; }
}

/// <summary>
/// Reads authorized_operators, in the grammar of sshd's authorized_keys: <c>orders="status,rsync",groups="site",commands="nginx-*",from="10.0.0.0/8",expiry-time="20270101" ssh-ed25519 AAAA… alice</c>.
/// A line with a mistake gives nobody anything; the others hold.
/// </summary>
internal static class OperatorFile
{
    /// <summary>Bytes of a file; more is refused. // ours: a thousand lines of the longest kind</summary>
    public const int MostBytes = 1024 * 1024;

    private const string Read = "read";
    private const string AllowDelete = "allow-delete";

    /// <summary>The keys, each once, and what is wrong.</summary>
    public static (IReadOnlyList<Operator> Operators, IReadOnlyList<OperatorMistake> Mistakes) Parse(string text)
    {
        var operators = new List<Operator>();
        var mistakes = new List<OperatorMistake>();
        string[] lines = text.Split('\n');
        for (int number = 1; number <= lines.Length; number++)
        {
            string line = lines[number - 1].Trim(' ', '\t', '\r');
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            if (ReadLine(line) is not { Operator: { } found } read)
            {
                mistakes.Add(new OperatorMistake(number, ReadLine(line).Why!) { Key = KeyIn(line) });
            }
            else if (operators.Exists(one => one.Key.Equals(found.Key)))
            {
                mistakes.Add(new OperatorMistake(number, "this key stands in the file already, and the first line holds"));
            }
            else
            {
                operators.Add(read.Operator);
            }
        }

        return (operators, mistakes);
    }

    private static string? KeyIn(string line) =>
        line.LastIndexOf("ssh-ed25519 ", StringComparison.Ordinal) is >= 0 and var at && SshPublicKey.TryParse(line[at..], out var key, out _) ? key.Fingerprint : null;

    private static (Operator? Operator, string? Why) ReadLine(string line)
    {
        string? keyText = line;
        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        if (!line.StartsWith("ssh-", StringComparison.Ordinal) && !line.StartsWith("ecdsa-", StringComparison.Ordinal) && !line.StartsWith("sk-", StringComparison.Ordinal))
        {
            if (Options(line, options, out keyText) is { } broken)
            {
                return (null, broken);
            }
        }

        return !SshPublicKey.TryParse(keyText!, out var key, out string? why) ? (null, why) : Of(key, options);
    }

    /// <summary>Takes <c>name="value",name="value" </c> off the front; why it is broken, or null.</summary>
    private static string? Options(string line, Dictionary<string, string> options, out string? rest)
    {
        rest = null;
        for (int at = 0; ;)
        {
            int equals = line.IndexOf("=\"", at, StringComparison.Ordinal);
            int blank = line.AsSpan(at).IndexOfAny(' ', '\t');
            if (equals < 0 || (blank >= 0 && at + blank < equals))
            {
                string word = line[at..(blank < 0 ? line.Length : at + blank)];
                return $"'{SafeText.Of(word, 40)}' is no option here: there are orders, groups, commands, from and expiry-time, each with a value in double quotes; nor is it ssh-ed25519, where the key begins";
            }

            string name = line[at..equals];
            int end = line.IndexOf('"', equals + 2);
            if (end < 0)
            {
                return $"the value of {SafeText.Of(name, 40)} has no closing quote";
            }

            if (!options.TryAdd(name, line[(equals + 2)..end]))
            {
                return $"{SafeText.Of(name, 40)} stands there twice";
            }

            at = end + 1;
            if (at < line.Length && line[at] == ',')
            {
                at++;
                continue;
            }

            if (at >= line.Length || line[at] is not (' ' or '\t'))
            {
                return "behind an option stands a comma, or a blank and the key";
            }

            rest = line[at..].TrimStart(' ', '\t');
            return null;
        }
    }

    private static (Operator? Operator, string? Why) Of(SshPublicKey key, Dictionary<string, string> options)
    {
        var rights = Rights.All;
        var made = new Operator(key, rights);
        foreach (var (name, value) in options)
        {
            string[] words = value.Split(',', StringSplitOptions.TrimEntries);
            if (value.Trim().Length == 0 || words.Contains(string.Empty))
            {
                return (null, $"{SafeText.Of(name, 40)} is empty, or has an empty word; leave it out, or write orders=\"read\" for a key that may read only");
            }

            string? why = null;
            switch (name)
            {
                case "orders":
                    (rights, why) = OrdersOf(rights, words);
                    break;
                case "groups":
                    rights = rights with { Groups = new NamePatterns(words) };
                    break;
                case "commands":
                    rights = rights with { Commands = new NamePatterns(words) };
                    break;
                case "from":
                    (made, why) = FromOf(made, words);
                    break;
                case "expiry-time":
                    made = made with { Expires = Moment(value.Trim()) };
                    why = made.Expires is null ? $"expiry-time is a day or a minute in UTC, YYYYMMDD or YYYYMMDDHHMM, not '{SafeText.Of(value, 40)}'" : null;
                    break;
                default:
                    why = $"'{SafeText.Of(name, 40)}' is no option here: there are orders, groups, commands, from and expiry-time";
                    break;
            }

            if (why is not null)
            {
                return (null, why);
            }
        }

        return (made with { Rights = options.ContainsKey("orders") ? rights : Bounded(rights) }, null);
    }

    /// <summary>Without <c>orders</c> what is named bounds what may be ordered: groups alone give the orders about trees, commands alone give exec.</summary>
    private static Rights Bounded(Rights rights) => (rights.Groups, rights.Commands) switch
    {
        (not null, null) => rights with { Orders = rights.Orders.Where(order => order != Order.Exec).ToHashSet() },
        (null, not null) => rights with { Orders = new HashSet<Order> { Order.Exec }, AllowDelete = false },
        _ => rights,
    };

    private static (Rights Rights, string? Why) OrdersOf(Rights rights, string[] words)
    {
        var orders = new HashSet<Order>();
        foreach (string word in words)
        {
            if (word is not (Read or AllowDelete))
            {
                if (!Orders.TryParse(word, out var order))
                {
                    return (rights, $"'{SafeText.Of(word, 40)}' is no order; there are {string.Join(", ", Enum.GetValues<Order>().Select(one => one.Word()))}, {AllowDelete}, and {Read}");
                }

                orders.Add(order);
            }
        }

        return words.Contains(AllowDelete) && !orders.Contains(Order.Rsync)
            ? (rights, $"{AllowDelete} goes with rsync")
            : (rights with { Orders = orders, AllowDelete = words.Contains(AllowDelete) }, null);
    }

    private static (Operator Operator, string? Why) FromOf(Operator made, string[] words)
    {
        var networks = new List<IPNetwork>();
        foreach (string word in words)
        {
            int slash = word.IndexOf('/', StringComparison.Ordinal);
            if (One(slash < 0 ? word : word[..slash], out var network) && (slash < 0 || IPNetwork.TryParse(word, out network)))
            {
                networks.Add(network);
            }
            else
            {
                return (made, $"from takes addresses and blocks, 10.0.0.7 or 10.0.0.0/8, not '{SafeText.Of(word, 60)}'");
            }
        }

        return (made with { From = networks }, null);
    }

    private static bool One(string word, out IPNetwork network)
    {
        // The class library reads 10.1 as 10.0.0.1, and so 10.1/16 and 2/2 as blocks that nobody meant; of [::1]:99 it drops the port.
        bool is1 = IPAddress.TryParse(word, out var address) && !word.Contains('[', StringComparison.Ordinal) && (address.AddressFamily == AddressFamily.InterNetworkV6 || address.ToString() == word);
        network = is1 ? new IPNetwork(address!, address!.GetAddressBytes().Length * 8) : default;
        return is1;
    }

    /// <summary>As sshd has it, in UTC.</summary>
    private static DateTimeOffset? Moment(string text) =>
        DateTimeOffset.TryParseExact(text.TrimEnd('Z'), ["yyyyMMdd", "yyyyMMddHHmm", "yyyyMMddHHmmss"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var moment)
            ? moment
            : null;
}

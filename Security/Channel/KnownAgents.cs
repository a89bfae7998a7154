using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Deploy.Model;
using Deploy.Model.Hosts;
using Deploy.Model.Text;

namespace Deploy.Security.Channel;

/// <summary>The keys of daemons that a user or a proxy trusts: a file like OpenSSH's known_hosts. Immutable.</summary>
/// <remarks>
/// One daemon a line, parted by blanks: NAME ADDRESS PORT PIN, and <c>next:PIN</c> where a change of its key is planned; what begins with <c>#</c> is a comment, also behind them. Name and port
/// stand once. A line that is none makes the whole file unusable: what is left of it could be a daemon without its pin. UTF-8; <see cref="MaxBytes"/>.
/// </remarks>
internal sealed class KnownAgents
{
    /// <summary>Twice what <see cref="Limits.Hosts"/> take, with names of common length.</summary>
    public const int MaxBytes = 32 * 1024 * 1024;

    private const string NextPrefix = "next:";

    private readonly IReadOnlyList<string> lines;
    private readonly Dictionary<(string Host, int Port), KnownAgent> byName = [];
    private readonly Dictionary<(string Host, int Port), KnownAgent> byAddress = [];

    private KnownAgents(string file, IReadOnlyList<string> lines, IReadOnlyList<KnownAgent> all)
    {
        (File, this.lines, All) = (file, lines, all);
        foreach (var agent in all)
        {
            byName.TryAdd(Key(agent.Name, agent.Port), agent);
            byAddress.TryAdd(Key(agent.Address, agent.Port), agent);
        }
    }

    /// <summary>Its name, safe to print.</summary>
    public string File { get; }

    /// <summary>All of them, in the file's order.</summary>
    public IReadOnlyList<KnownAgent> All { get; }

    /// <summary>One without a line.</summary>
    public static KnownAgents Empty(string path) => new(SafeText.Of(path), [], []);

    /// <summary>Reads the text of a file.</summary>
    /// <param name="path">Its name, for messages.</param>
    /// <param name="text">What it holds.</param>
    /// <exception cref="UserError">A line is none: names file and line, and what is expected there.</exception>
    public static KnownAgents Parse(string path, string text)
    {
        string file = SafeText.Of(path);
        var lines = text.Split('\n').ToList();
        if (lines[^1].Length == 0)
        {
            lines.RemoveAt(lines.Count - 1);
        }

        var all = new List<KnownAgent>();
        var seen = new Dictionary<(string Host, int Port), int>();
        for (int number = 1; number <= lines.Count; number++)
        {
            string line = lines[number - 1].TrimEnd('\r');
            string[] words = line.Split('#')[0].Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0)
            {
                continue;
            }

            if (!TryRead(words, out var agent, out string? why))
            {
                throw Wrong(file, number, why);
            }

            if (!seen.TryAdd(Key(agent.Name, agent.Port), number))
            {
                throw Wrong(file, number, $"{agent.Name} with port {agent.Port} stands in line {seen[Key(agent.Name, agent.Port)]} already: expected each once");
            }

            all.Add(agent with { File = file, Line = number });
        }

        return new KnownAgents(file, lines, all);
    }

    /// <summary>The daemon of this name, else the one that is called as the host is that is dialled, else the one with this address; null for none.</summary>
    /// <param name="name">What orders call it.</param>
    /// <param name="host">Name or address that is dialled.</param>
    /// <param name="port">TCP port.</param>
    public KnownAgent? Find(string name, string host, int port) =>
        byName.GetValueOrDefault(Key(name, port)) ?? byName.GetValueOrDefault(Key(host, port)) ?? byAddress.GetValueOrDefault(Key(host, port));

    /// <summary>These with one more, or with its new line in the place of the old one; the other lines stay as they are, comments too.</summary>
    public KnownAgents With(KnownAgent agent)
    {
        var former = All.FirstOrDefault(one => one.Is(agent.Name, agent.Port));
        List<string> text = [.. lines];
        if (former is null)
        {
            text.Add(agent.ToString());
        }
        else
        {
            text[former.Line - 1] = agent + CommentOf(text[former.Line - 1]);
        }

        return Parse(File, Joined(text));
    }

    /// <summary>These without one.</summary>
    public KnownAgents Without(KnownAgent agent) => Parse(File, Joined(lines.Where((_, at) => at != agent.Line - 1)));

    /// <summary>The file's text.</summary>
    public override string ToString() => Joined(lines);

    private static string Joined(IEnumerable<string> lines)
    {
        var text = new StringBuilder();
        foreach (string line in lines)
        {
            text.Append(line).Append('\n');
        }

        return text.ToString();
    }

    private static string CommentOf(string line) => line.IndexOf('#', StringComparison.Ordinal) is >= 0 and var at ? " " + line[at..] : string.Empty;

    private static bool TryRead(string[] words, [NotNullWhen(true)] out KnownAgent? agent, [NotNullWhen(false)] out string? why)
    {
        agent = null;
        const string Expected = $"expected NAME ADDRESS PORT PIN, e.g. web-001 10.2.0.7 3440 {Channel.Pin.Prefix}…";
        Pin? next = null;
        if (words.Length is < 4 or > 5)
        {
            why = $"it has {words.Length} words: {Expected}";
        }
        else if (words[..2].FirstOrDefault(word => !IsHost(word)) is { } odd)
        {
            why = $"'{SafeText.Of(odd, 80)}' is no name and no address: {Expected}";
        }
        else if (HostName.ParsePort(words[2]) is not (> 0 and var port))
        {
            why = $"'{SafeText.Of(words[2], 80)}' is no port, which is 1 to 65535: {Expected}";
        }
        else if (!Pin.TryParse(words[3], out var pin, out string? mistake))
        {
            why = $"'{SafeText.Of(words[3], 80)}' is no pin: {mistake}";
        }
        else if (words.Length == 5 && (!words[4].StartsWith(NextPrefix, StringComparison.Ordinal) || !Pin.TryParse(words[4][NextPrefix.Length..], out next, out mistake)))
        {
            why = $"'{SafeText.Of(words[4], 80)}' stands behind the pin: expected {NextPrefix}PIN or nothing{(mistake is null ? string.Empty : ": " + mistake)}";
        }
        else
        {
            why = null;
            agent = new KnownAgent(words[0], words[1], port, pin) { Next = next };
        }

        return agent is not null;
    }

    /// <summary>A name's letters, or an IPv6 address.</summary>
    private static bool IsHost(string word) => word.Length <= Limits.HostNameLetters && (word.All(HostName.IsLetter) || HostName.IsIPv6(word));

    private static (string Host, int Port) Key(string host, int port) => (host.ToLowerInvariant(), port);

    private static UserError Wrong(string file, int line, string why) =>
        new($"{file}:{line.ToString(CultureInfo.InvariantCulture)}: {why}", ExitCodes.Authentication, "nothing was sent; mend that line, or delete it and trust the host again: deploy client trust HOST");
}

using Deploy.Config;
using Deploy.Model;
using Deploy.Model.Text;
using Deploy.Security.Operators;

namespace Deploy.Modes.SetUp;

/// <summary>One line for authorized_operators, checked.</summary>
/// <param name="Text">As it is to stand there.</param>
/// <param name="Who">What it says.</param>
internal sealed record OperatorLine(string Text, Operator Who)
{
    /// <summary>Whether another line is about the same key, whatever it allows.</summary>
    public static bool IsSame(string one, string other) =>
        OperatorFile.Parse(one).Operators is [var first] && OperatorFile.Parse(other).Operators is [var second] && first.Key.Equals(second.Key);
}

/// <summary>The keys that a set-up is told of, as lines for authorized_operators. All are checked before anything is written.</summary>
internal static class OperatorLines
{
    private const string ReadOnly = "orders=\"read\" ";
    private const string Hint = "nothing was written; give the whole line of the .pub file: --allow \"$(cat alice.pub)\", or --allow-file alice.pub";

    /// <summary>All of them, each key once.</summary>
    /// <param name="allow">Lines as authorized_operators takes them, options and all.</param>
    /// <param name="files">Files of such lines.</param>
    /// <param name="proxies">Keys of proxies, which may read alone.</param>
    /// <param name="read">Reads a file.</param>
    /// <exception cref="UserError">One is none, or a key stands in two lines that differ.</exception>
    public static IReadOnlyList<OperatorLine> Of(IEnumerable<string> allow, IEnumerable<string> files, IEnumerable<string> proxies, Func<string, FileContent> read)
    {
        var found = new List<OperatorLine>();
        foreach (string text in allow)
        {
            Add(found, "--allow", text);
        }

        foreach (string path in files)
        {
            Add(found, SafeText.Of(path), read(path) switch
            {
                FileContent.Read content => ByteText.FromBytes(content.Bytes.Span),
                FileContent.Unreadable(var why) => throw new UserError($"{SafeText.Of(path)} cannot be read: {why}", ExitCodes.Usage, "nothing was written; --allow-file takes the file of a public key"),
                _ => throw new InvalidOperationException(),
            });
        }

        foreach (string text in proxies)
        {
            Add(found, "--proxy", text, isProxy: true);
        }

        return found;
    }

    private static void Add(List<OperatorLine> found, string place, string text, bool isProxy = false)
    {
        if (text.Contains("PRIVATE KEY-----", StringComparison.Ordinal))
        {
            throw new UserError($"{place}: that is a private key, which stays where it is", ExitCodes.Usage, isProxy
                ? "nothing was written; the public one is in the line that deploy proxy init prints there"
                : "nothing was written; the public one stands in the .pub file beside it, or: ssh-keygen -y -f FILE");
        }

        bool some = false;
        foreach (string line in text.Split('\n').Select(line => line.Trim(' ', '\t', '\r')).Where(line => line.Length > 0 && line[0] != '#'))
        {
            some = true;
            string whole = isProxy && line.StartsWith("ssh-", StringComparison.Ordinal) ? ReadOnly + line : line;
            var (operators, mistakes) = OperatorFile.Parse(whole);
            if (operators is not [var who])
            {
                throw new UserError($"{place}: {(mistakes is [var mistake, ..] ? mistake.What : "there is no key in it")}", ExitCodes.Usage, Hint);
            }

            if (isProxy && who.Rights.Orders.Count > 0)
            {
                throw new UserError($"{place}: a proxy's key may read here, and this line lets it order", ExitCodes.Usage, "nothing was written; orders come with their operator's signature through a proxy. For a proxy that orders in its own name, by API keys: --allow with the same line");
            }

            if (found.Find(other => other.Who.Key.Equals(who.Key)) is not { } same)
            {
                found.Add(new OperatorLine(whole, who));
            }
            else if (same.Text != whole)
            {
                throw new UserError($"{place}: the key {SafeText.Of(who.Name)} is given twice, and not in the same words", ExitCodes.Usage, "nothing was written; a key stands in one line");
            }
        }

        if (!some)
        {
            throw new UserError($"{place}: there is no key in it", ExitCodes.Usage, Hint);
        }
    }
}

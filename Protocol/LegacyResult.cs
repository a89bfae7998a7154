using System.Globalization;
using Deploy.Model.Text;

namespace Deploy.Protocol;

/// <summary>What the client, and a proxy, print for one host: <c>{serverStatus, return, returnCode, returnString, content}</c>.</summary>
/// <param name="ServerStatus">1 when the server was reached, 0 when it was not or thread_timeout passed.</param>
/// <param name="Return">1 for HTTP 200, else 0.</param>
/// <param name="ReturnCode">The HTTP code as a string, or null.</param>
/// <param name="ReturnString">The HTTP status string, or null.</param>
/// <param name="Content">The answer's JSON, or text, or null.</param>
internal sealed record LegacyResult(int ServerStatus, int Return, string? ReturnCode, string? ReturnString, LegacyValue Content)
{
    /// <summary>The member that a proxy of ours adds to an answer which it could not read to its end: the lines that it lost. An agent's has none.</summary>
    public const string UnreadMember = "unread";

    /// <summary>The member that a proxy of ours adds where an agent of ours says more of its job than the original's body can: <see cref="JobHeader.Encode"/>.</summary>
    private const string JobMember = "job";

    private const int MaxTextBytes = 1024 * 1024; // of an answer that is no JSON; a refusal is a line

    /// <summary>The result of an exchange, and what could not be read of its body.</summary>
    /// <param name="outcome">What came of the exchange.</param>
    /// <param name="maxDepth">Levels of JSON that are read.</param>
    public static (LegacyResult Result, LegacyReading? Reading) Of(LegacyOutcome outcome, int maxDepth = LegacyJson.MaxDepth)
    {
        if (outcome is not Answered answer)
        {
            return (WithoutAnswer(outcome), null);
        }

        string code = answer.Code.ToString(CultureInfo.InvariantCulture);
        var reading = answer.Code == 200 && !answer.Body.IsEmpty ? LegacyJson.Read(answer.Body.Span, maxDepth) : null;
        if (reading?.Value is null && answer.Body.Length > MaxTextBytes)
        {
            string why = $"its answer of {answer.Body.Length} bytes is left out: {reading?.Problems[0] ?? "it is more than a status may say"}";
            return (new LegacyResult(1, answer.Code == 200 ? 1 : 0, code, answer.Reason, new LegacyString(why)), reading); // ours
        }

        LegacyValue content = reading?.Value is { } value ? ReturnFirst(value)
            : answer is { Body.IsEmpty: true, Encrypted: false } ? LegacyNull.Value // recordings raw_px_badkey; ssl_wrongkey has ""
            : new LegacyString(ByteText.FromBytes(answer.Body.Span));
        return (new LegacyResult(1, answer.Code == 200 ? 1 : 0, code, answer.Reason, content), reading);
    }

    /// <summary>The envelope in a proxy's answer; null when the value is none.</summary>
    public static LegacyResult? From(LegacyValue? value)
    {
        if (value is not LegacyObject members || members.Get("serverStatus") is null)
        {
            return null;
        }

        return new LegacyResult(
            members.GetText("serverStatus") == "1" ? 1 : 0,
            members.GetText("return") == "1" ? 1 : 0,
            members.GetText("returnCode"),
            members.GetText("returnString"),
            members.Get("content") ?? LegacyNull.Value)
        {
            Job = members.GetText(JobMember) is { } job ? JobHeader.Parse(job) : null,
        };
    }

    /// <summary>The job's facts from one of our agents; set in a proxy's answer alone, an agent's own has them in its header.</summary>
    public JobHeader? Job { get; init; }

    /// <summary>As JSON, keys in their fixed order.</summary>
    public LegacyObject ToValue() => new(
    [
        new("serverStatus", new LegacyNumber(ServerStatus == 1 ? "1" : "0")),
        new("return", new LegacyNumber(Return == 1 ? "1" : "0")),
        new("returnCode", ReturnCode is null ? LegacyNull.Value : new LegacyString(ReturnCode)),
        new("returnString", ReturnString is null ? LegacyNull.Value : new LegacyString(ReturnString)),
        new("content", Content),
        .. Job is null ? Array.Empty<KeyValuePair<string, LegacyValue>>() : [new(JobMember, new LegacyString(Job.Encode()))],
    ]);

    private static LegacyResult WithoutAnswer(LegacyOutcome outcome) => outcome switch
    {
        NotReached not => Nothing(0, "can't connect to " + not.Where),
        TimedOut late => Nothing(0, string.Create(CultureInfo.InvariantCulture, $"Process Timeout({late.After.TotalSeconds:0.###})!")),
        NotAsked not => Nothing(0, not.Why), // ours
        NoAnswer { IsOurLimit: true } no => Nothing(1, no.Why), // ours
        Mismatch => Nothing(1, "Protocol mismatch."),
        Interrupted stop => Nothing(stop.Sent ? 1 : 0, stop.Sent ? "Interrupted, may have started!" : "Interrupted!"), // ours; the original died without a word
        _ => Nothing(1, null),
    };

    private static LegacyResult Nothing(int serverStatus, string? content) =>
        new(serverStatus, 0, null, null, content is null ? LegacyNull.Value : new LegacyString(content));

    /// <summary>Puts an agent's members in a fixed order, and a proxy's envelopes likewise.</summary>
    private static LegacyValue ReturnFirst(LegacyValue value)
    {
        if (value is not LegacyObject members)
        {
            return value;
        }

        if (From(members) is { } envelope)
        {
            return (envelope with { Content = ReturnFirst(envelope.Content) }).ToValue();
        }

        return new LegacyObject(
            [.. members.Members.OrderBy(member => Rank(member.Key)).Select(member => KeyValuePair.Create(member.Key, ReturnFirst(member.Value)))]);
    }

    private static int Rank(string name)
    {
        int rank = Array.IndexOf(AnswerKeys, name);
        return rank < 0 ? AnswerKeys.Length : rank;
    }

    private static readonly string[] AnswerKeys =
    [
        "return", "alreadyRsync", "transferFilesCount", "transferFilesSize", "transferNewFiles", "transferDeleteFiles", "checksum", "process", "content", "command",
    ];
}

using System.Text;
using Deploy.Model;
using Deploy.Protocol;

namespace Deploy.Jobs.Relay;

/// <summary>
/// The original proxy's answer, <c>{host: {order: result}}</c>, host by host as they end, so that of each nothing is kept but its text. What does
/// not fit is that host's own failure: an answer may be as large as a client reads, and all answers together as large as the budget.
/// </summary>
/// <param name="order">The order.</param>
/// <param name="hosts">How many there are.</param>
/// <param name="budget">Memory that all orders share.</param>
/// <param name="large">Where all orders' large answers are read, one at a time.</param>
internal sealed class RelayAnswer(Order order, int hosts, ReceiveBudget budget, SemaphoreSlim large)
{
    private const int LargeBytes = 64 * 1024; // answers from here on are read one at a time: what is made of them on the way is many times their size
    private const int EnvelopeValues = 8; // of one host
    private const int EnvelopeBytes = 1024; // of one host that has no answer

    private static readonly byte[] Open = "{\n"u8.ToArray(), Between = ",\n"u8.ToArray(), Close = "\n}\n"u8.ToArray();

    private readonly ReadOnlyMemory<byte>[] texts = new ReadOnlyMemory<byte>[hosts];
    private long bytesLeft = LegacyLimits.MaxBodyBytes - ((long)hosts * EnvelopeBytes); // what our client reads
    private long valuesLeft = LegacyJson.MaxValues - ((long)hosts * EnvelopeValues);
    private long held;

    /// <summary>Adds one host's result; what it held of the budget is given back. What was added, where it was too much another, and the lines of its JSON that could not be read.</summary>
    public async Task<(LegacyOutcome Added, IReadOnlyList<string> Problems)> AddAsync(int place, string name, LegacyOutcome outcome)
    {
        var answer = outcome as Answered;
        bool alone = answer?.Body.Length > LargeBytes;
        if (alone)
        {
            await large.WaitAsync();
        }

        try
        {
            var (result, reading) = LegacyResult.Of(outcome, LegacyJson.MaxAgentDepth);
            var problems = reading?.Problems ?? [];
            if (reading is { Whole: false, Value: LegacyObject } && result.Content is LegacyObject content)
            {
                LegacyValue[] lines = [.. problems.Select(line => new LegacyString(line))];
                result = result with { Content = new LegacyObject([.. content.Members, new(LegacyResult.UnreadMember, new LegacyList(lines))]) };
            }

            bool fits = Take(result, out byte[] text);
            texts[place] = fits ? text : Text(name, LegacyResult.Of(TooMuch).Result);
            return (fits ? outcome : TooMuch, problems);
        }
        finally
        {
            budget.Return(answer?.HeldBytes ?? 0);
            if (alone)
            {
                large.Release();
            }
        }

        bool Take(LegacyResult result, out byte[] text)
        {
            text = [];
            long values = Values(result.Content);
            if (Interlocked.Add(ref valuesLeft, -values) < 0)
            {
                Interlocked.Add(ref valuesLeft, values);
                return false;
            }

            text = Text(name, result);
            bool fits = Interlocked.Add(ref bytesLeft, -text.Length) >= 0 && budget.TryTake(text.Length);
            Interlocked.Add(ref fits ? ref held : ref bytesLeft, text.Length);
            return fits;
        }
    }

    /// <summary>The whole answer, in pieces, once every host is in it.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Pieces()
    {
        var pieces = new List<ReadOnlyMemory<byte>>((2 * texts.Length) + 1);
        foreach (var text in texts)
        {
            pieces.Add(pieces.Count == 0 ? Open : Between);
            pieces.Add(text);
        }

        pieces.Add(Close);
        return pieces;
    }

    /// <summary>Gives back what the answer holds of the budget.</summary>
    public void Drop() => budget.Return(Interlocked.Exchange(ref held, 0));

    private static NoAnswer TooMuch { get; } = new("the answers of all hosts are too large together: ask fewer hosts at once") { IsOurLimit = true };

    private byte[] Text(string name, LegacyResult result)
    {
        using var bytes = new MemoryStream();
        using (var text = new StreamWriter(bytes, leaveOpen: true)) // UTF-8 without a mark
        {
            new LegacyWriter(text).WriteMember(name, new LegacyObject([new(order.Word(), result.ToValue())]));
        }

        return bytes.ToArray();
    }

    private static long Values(LegacyValue value) => value switch
    {
        LegacyList list => 1 + list.Items.Sum(Values),
        LegacyObject members => 1 + members.Members.Sum(member => Values(member.Value)),
        _ => 1,
    };
}

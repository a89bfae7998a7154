using Deploy.Model;
using Deploy.Protocol;

namespace Deploy.Jobs.Relay;

/// <summary>
/// The original proxy's answer, <c>{host: {order: result}}</c>, host by host as they end, so that of each nothing is kept but its text. What does
/// not fit is that host's own failure: an answer may be as large as a client reads, and all answers together as large as the budget. Each host has
/// a share of its order's answer that no other can take.
/// </summary>
/// <param name="order">The order.</param>
/// <param name="hosts">How many there are.</param>
/// <param name="memory">What all orders share.</param>
internal sealed class RelayAnswer(Order order, int hosts, RelayMemory memory)
{
    private const int LargeBytes = 64 * 1024; // answers from here on are read one at a time: what is made of them on the way is many times their size

    private static readonly byte[] Open = "{\n"u8.ToArray(), Between = ",\n"u8.ToArray(), Close = "\n}\n"u8.ToArray();

    private const int EnvelopeValues = 8; // of one host

    private readonly IReadOnlyList<ReadOnlyMemory<byte>>[] texts = new IReadOnlyList<ReadOnlyMemory<byte>>[hosts];
    private readonly int ownBytes = OwnBytes(hosts);
    private readonly int ownValues = OwnValues(hosts);
    private long bytesLeft = LegacyLimits.MaxBodyBytes - ((long)hosts * OwnBytes(hosts)); // what our client reads
    private long valuesLeft = LegacyJson.MaxValues - ((long)hosts * OwnValues(hosts));
    private long held;
    private long heldSmall;

    /// <summary>Adds one host's result; what it held of the budget is given back. What was added, where it was too much another, and the lines of its JSON that could not be read.</summary>
    /// <param name="place">The host's.</param>
    /// <param name="name">What the answer calls it.</param>
    /// <param name="outcome">What came of asking it.</param>
    /// <param name="cancellationToken">Ends the wait for a large answer's turn.</param>
    /// <exception cref="OperationCanceledException">It had no turn; its place is still open.</exception>
    public async Task<(LegacyOutcome Added, IReadOnlyList<string> Problems)> AddAsync(int place, string name, LegacyOutcome outcome, CancellationToken cancellationToken)
    {
        var answer = outcome as Answered;
        bool alone = answer?.Body.Length > LargeBytes;
        try
        {
            if (alone)
            {
                await memory.Large.WaitAsync(cancellationToken).ConfigureAwait(false);
            }

            try
            {
                return Add(place, name, outcome);
            }
            catch (Exception bug)
            {
                var lost = new NoAnswer($"an error in the proxy lost its answer: {bug.Message}") { IsOurLimit = true };
                texts[place] = Write(name, LegacyResult.Of(lost).Result, _ => true).Pieces;
                return (lost, []);
            }
            finally
            {
                if (alone)
                {
                    memory.Large.Release();
                }
            }
        }
        finally
        {
            memory.Budget.Return(answer?.HeldBytes ?? 0);
        }
    }

    /// <summary>The whole answer, in pieces, once every host is in it.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Pieces()
    {
        var pieces = new List<ReadOnlyMemory<byte>>((2 * texts.Length) + 1);
        foreach (var text in texts)
        {
            pieces.Add(pieces.Count == 0 ? Open : Between);
            pieces.AddRange(text);
        }

        pieces.Add(Close);
        return pieces;
    }

    /// <summary>Gives back what the answer holds of the budgets.</summary>
    public void Drop()
    {
        memory.Budget.Return(Interlocked.Exchange(ref held, 0));
        memory.Small.Return(Interlocked.Exchange(ref heldSmall, 0));
    }

    private static int OwnBytes(int hosts) => Math.Min(64 * 1024, LegacyLimits.MaxBodyBytes / 2 / hosts);

    private static int OwnValues(int hosts) => Math.Min(4096, LegacyJson.MaxValues / 2 / hosts);

    private static NoAnswer TooMuch { get; } = new("the answers of all hosts are too large together: ask fewer hosts at once") { IsOurLimit = true };

    private (LegacyOutcome Added, IReadOnlyList<string> Problems) Add(int place, string name, LegacyOutcome outcome)
    {
        var (result, reading) = LegacyResult.Of(outcome, LegacyJson.MaxAgentDepth);
        result = result with { Job = (outcome as Answered)?.Job };
        var problems = reading?.Problems ?? [];
        if (reading is { Whole: false, Value: LegacyObject } && result.Content is LegacyObject content)
        {
            LegacyValue[] lines = [.. problems.Select(line => new LegacyString(line))];
            result = result with { Content = new LegacyObject([.. content.Members, new(LegacyResult.UnreadMember, new LegacyList(lines))]) };
        }

        bool fits = TryWrite(name, result, out var text);
        texts[place] = fits ? text : Write(name, LegacyResult.Of(TooMuch).Result, _ => true).Pieces;
        return (fits ? outcome : TooMuch, problems);
    }

    /// <summary>Writes it and keeps what it takes; false, and nothing is taken, where it does not fit.</summary>
    private bool TryWrite(string name, LegacyResult result, out IReadOnlyList<ReadOnlyMemory<byte>> pieces)
    {
        pieces = [];
        long values = Math.Max(0, Values(result.Content) + EnvelopeValues - ownValues);
        if (!TryTake(ref valuesLeft, values))
        {
            return false;
        }

        (long All, long Shared, long Held, long Small) taken = default;
        var text = Write(name, result, count =>
        {
            long shared = Math.Max(0, taken.All + count - ownBytes) - taken.Shared;
            bool small = taken.All + count <= LegacyLimits.SmallBytes && memory.Small.TryTake(count);
            if (!TryTake(ref bytesLeft, shared))
            {
                memory.Small.Return(small ? count : 0);
                return false;
            }

            if (!small && !memory.Budget.TryTake(count))
            {
                Interlocked.Add(ref bytesLeft, shared);
                return false;
            }

            taken = (taken.All + count, taken.Shared + shared, taken.Held + (small ? 0 : count), taken.Small + (small ? count : 0));
            return true;
        });

        if (text.Full)
        {
            memory.Budget.Return(taken.Held);
            memory.Small.Return(taken.Small);
            Interlocked.Add(ref bytesLeft, taken.Shared);
            Interlocked.Add(ref valuesLeft, values);
            return false;
        }

        Interlocked.Add(ref held, taken.Held);
        Interlocked.Add(ref heldSmall, taken.Small);
        pieces = text.Pieces;
        return true;
    }

    private static bool TryTake(ref long left, long count)
    {
        if (count == 0 || Interlocked.Add(ref left, -count) >= 0)
        {
            return true; // nothing is there also while another tries for too much
        }

        Interlocked.Add(ref left, count);
        return false;
    }

    private RelayText Write(string name, LegacyResult result, Func<int, bool> take)
    {
        var text = new RelayText(take);
        using var writer = new StreamWriter(text, leaveOpen: true); // UTF-8 without a mark
        new LegacyWriter(writer).WriteMember(name, new LegacyObject([new(order.Word(), result.ToValue())]));
        writer.Flush();
        return text;
    }

    private static long Values(LegacyValue value) => value switch
    {
        LegacyList list => 1 + list.Items.Sum(Values),
        LegacyObject members => 1 + members.Members.Sum(member => Values(member.Value)),
        _ => 1,
    };
}

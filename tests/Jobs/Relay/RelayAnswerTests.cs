using System.Text;
using Deploy.Jobs.Relay;
using Deploy.Model;
using Deploy.Protocol;
using Xunit;

namespace Deploy.Tests.Jobs.Relay;

/// <summary>What one host's answer may cost the others of its order, and other orders.</summary>
public class RelayAnswerTests
{
    private static readonly Answered Names = Json("{\"return\":\"true\",\"transferNewFiles\":[" + string.Join(',', Enumerable.Range(0, 200).Select(i => $"\"name{i}\"")) + "]}");

    [Fact(Timeout = 60_000)]
    public async Task One_hosts_many_values_leave_the_others_theirs()
    {
        var answer = new RelayAnswer(Order.Rlist, 3, new RelayMemory());
        for (int place = 0; place < 2; place++)
        {
            await answer.AddAsync(place, $"bad{place}", Zeros(3_980_000), CancellationToken.None);
        }

        Assert.Same(Names, (await answer.AddAsync(2, "good", Names, CancellationToken.None)).Added);
        Assert.Contains("name199", Text(answer)[^9000..], StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task What_does_not_fit_gives_back_all_that_it_took()
    {
        var memory = new RelayMemory { Budget = new ReceiveBudget(1_000_000), Small = new ReceiveBudget(100_000) };
        var answer = new RelayAnswer(Order.Rlist, 3, memory);
        Assert.IsType<NoAnswer>((await answer.AddAsync(0, "a", Zeros(3_000_000), CancellationToken.None)).Added);
        Assert.Equal((1_000_000, 100_000), (memory.Budget.Left, memory.Small.Left));
        memory.Budget.Return(200_000_000);
        Assert.IsType<Answered>((await answer.AddAsync(1, "b", Zeros(3_000_000), CancellationToken.None)).Added);
        await answer.AddAsync(2, "c", Names, CancellationToken.None);
        answer.Drop();
        Assert.Equal((201_000_000, 100_000), (memory.Budget.Left, memory.Small.Left));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_small_result_needs_nothing_of_a_budget_that_others_have_taken()
    {
        var answer = new RelayAnswer(Order.Rsync, 1, new RelayMemory { Budget = new ReceiveBudget(0) });
        var small = Json("{\"return\":\"true\"}");
        Assert.Same(small, (await answer.AddAsync(0, "web", small, CancellationToken.None)).Added);
        Assert.Contains("\"true\"", Text(answer), StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_large_answer_waits_for_its_turn_no_longer_than_its_order()
    {
        var memory = new RelayMemory { Budget = new ReceiveBudget(1000) };
        var answer = new RelayAnswer(Order.Rlist, 1, memory);
        await memory.Large.WaitAsync();
        using var stop = new CancellationTokenSource();
        memory.Budget.TryTake(600);
        var adding = answer.AddAsync(0, "web", Zeros(100_000) with { HeldBytes = 600 }, stop.Token);
        Assert.False(adding.IsCompleted);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => adding);
        Assert.Equal(1000, memory.Budget.Left);
        memory.Large.Release();
    }

    private static Answered Zeros(int count) => Json("[0" + string.Concat(Enumerable.Repeat(",0", count - 1)) + "]");

    private static Answered Json(string body) => new(200, "OK", Encoding.UTF8.GetBytes(body), null);

    private static string Text(RelayAnswer answer) => string.Concat(answer.Pieces().Select(piece => Encoding.UTF8.GetString(piece.Span)));
}

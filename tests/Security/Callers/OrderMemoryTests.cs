using Deploy.Security.Callers;
using Xunit;

namespace Deploy.Tests.Security.Callers;

public class OrderMemoryTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void An_id_is_remembered_until_it_expires()
    {
        var memory = new OrderMemory(8);
        Assert.Equal(OrderMemory.Answer.New, memory.Remember("a", "alice", [1], Noon.AddSeconds(60), Noon));
        Assert.Equal(OrderMemory.Answer.Same, memory.Remember("a", "alice", [1], Noon.AddSeconds(60), Noon));
        Assert.Equal(OrderMemory.Answer.Other, memory.Remember("a", "bob", [2], Noon.AddSeconds(60), Noon));
        Assert.Equal(1, memory.Count);
        Assert.Equal(OrderMemory.Answer.New, memory.Remember("a", "bob", [2], Noon.AddSeconds(90), Noon.AddSeconds(61)));
        Assert.Equal(1, memory.Count);
    }

    [Fact]
    public void A_full_memory_takes_none_and_one_key_fills_a_quarter_of_it()
    {
        var memory = new OrderMemory(8);
        foreach (string id in new[] { "1", "2" })
        {
            Assert.Equal(OrderMemory.Answer.New, memory.Remember(id, "bob", [1], Noon.AddSeconds(60), Noon));
        }

        Assert.Equal(OrderMemory.Answer.Full, memory.Remember("3", "bob", [1], Noon.AddSeconds(60), Noon));
        foreach (string id in new[] { "4", "5", "6", "7", "8", "9" })
        {
            Assert.Equal(OrderMemory.Answer.New, memory.Remember(id, "key-" + id, [1], Noon.AddSeconds(90), Noon));
        }

        Assert.Equal(OrderMemory.Answer.Full, memory.Remember("10", "alice", [1], Noon.AddSeconds(90), Noon));
        Assert.Equal(OrderMemory.Answer.New, memory.Remember("10", "bob", [1], Noon.AddSeconds(90), Noon.AddSeconds(61)));
    }
}

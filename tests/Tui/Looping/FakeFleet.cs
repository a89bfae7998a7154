using System.Threading.Channels;
using Deploy.Tui;

namespace Deploy.Tests.Tui.Looping;

/// <summary>A fleet that tells what a test says, and remembers what it was asked.</summary>
internal sealed class FakeFleet : IFleet
{
    private readonly List<Effect.OfFleet> asked = [];

    /// <summary>What it does; without it it waits to be ended.</summary>
    public Func<ChannelWriter<Message>, CancellationToken, Task>? Run { get; init; }

    public string? Future { get; init; }

    public bool HasEnded { get; private set; }

    public IReadOnlyList<Effect.OfFleet> Asked
    {
        get
        {
            lock (asked)
            {
                return [.. asked];
            }
        }
    }

    public async Task RunAsync(ChannelWriter<Message> messages, CancellationToken cancellationToken)
    {
        try
        {
            await (Run?.Invoke(messages, cancellationToken) ?? Task.CompletedTask);
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
        finally
        {
            HasEnded = true;
        }
    }

    public void Ask(Effect.OfFleet question)
    {
        lock (asked)
        {
            asked.Add(question);
        }
    }
}

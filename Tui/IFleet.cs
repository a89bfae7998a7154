using System.Threading.Channels;

namespace Deploy.Tui;

/// <summary>The hosts, jobs and logs that a dashboard shows, and what takes its orders: a proxy, agents, or a made-up fleet.</summary>
internal interface IFleet
{
    /// <summary>Tells what happens until it is cancelled; loses connections and makes them again by itself, and throws for a bug alone.</summary>
    /// <param name="messages">Takes what happens; bounded: a full one holds the fleet back, which then keeps the newest of each host.</param>
    /// <param name="cancellationToken">Ends it.</param>
    Task RunAsync(ChannelWriter<Message> messages, CancellationToken cancellationToken);

    /// <summary>Asks or orders something; returns at once, and the answer comes as a message.</summary>
    void Ask(Effect.OfFleet question);

    /// <summary>What becomes of a job that runs when the dashboard is left, in one line for the shell; null where it needs no word.</summary>
    string? Future { get; }
}

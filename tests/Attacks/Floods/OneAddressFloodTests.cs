using System.Security.Authentication;
using Deploy.Model;
using Deploy.Tests.EndToEnd.Harness;
using Xunit;

namespace Deploy.Tests.Attacks.Floods;

/// <summary>One address that would take all of an agent's places has its share of them, and an operator elsewhere notices nothing.</summary>
[Trait("Category", "EndToEnd")]
public sealed class OneAddressFloodTests : IAsyncLifetime, IDisposable
{
    private static readonly string? Flooder = OutsideAddress.Find(); // the loopback has no share
    private readonly AttackedAgent agent = new() { Outside = Flooder };

    private const int Silent = 2300; // more than there are places
    private const int Shaken = Limits.AddressShare + 100;
    private const int AtOnce = 50;

    public async Task InitializeAsync()
    {
        if (Flooder is not null)
        {
            await agent.InitializeAsync();
        }
    }

    public async Task DisposeAsync()
    {
        if (Flooder is not null)
        {
            await agent.DisposeAsync();
        }
    }

    public void Dispose() => agent.Dispose();

    [ManyConnectionsFact(Silent, FromOutside = true)]
    public async Task Silent_connections()
    {
        var siege = await Siege.BeforeAsync(agent);
        int before = ProcFacts.Descriptors(agent.Daemon.Pid);
        await FloodAsync(siege, before, Silent, () => FloodPeer.PlainAsync(Flooder!, Flooder));
        Assert.InRange(agent.Daemon.Log.Count(line => line.Contains(Flooder!, StringComparison.Ordinal)), 1, 4 * Limits.AddressLines);
    }

    [ManyConnectionsFact(Shaken, FromOutside = true)]
    public async Task Connections_that_shake_hands_and_sign_nothing()
    {
        var siege = await Siege.BeforeAsync(agent);
        int before = ProcFacts.Descriptors(agent.Daemon.Pid);
        await FloodAsync(siege, before, Shaken, () => FloodPeer.TlsAsync(Flooder!, Flooder));
    }

    private async Task FloodAsync(Siege siege, int before, int connections, Func<Task<FloodPeer>> connect)
    {
        var peers = new List<FloodPeer>();
        try
        {
            for (int batch = 0; batch < connections; batch += AtOnce)
            {
                peers.AddRange((await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => ConnectAsync(connect)))).OfType<FloodPeer>());
            }

            await agent.TakenAsync(SignedRequest.Mark(agent.Alice)); // asked once, and no second time
            await Eventually.TrueAsync(() => ProcFacts.Descriptors(agent.Daemon.Pid) <= before + Limits.AddressShare + 50);
            await siege.ReleasedAsync(); // while they hold their ends
        }
        finally
        {
            await Task.WhenAll(peers.Select(async peer => await peer.DisposeAsync()));
        }

        await siege.ServesAsync();
    }

    /// <summary>Null where it was closed.</summary>
    private static async Task<FloodPeer?> ConnectAsync(Func<Task<FloodPeer>> connect)
    {
        try
        {
            return await connect();
        }
        catch (Exception error) when (error is IOException or AuthenticationException)
        {
            return null;
        }
    }
}

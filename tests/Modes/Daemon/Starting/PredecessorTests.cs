using System.Net;
using System.Net.Sockets;
using Deploy.Modes.Daemon.Starting;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.Modes.Daemon.Starting;

public class PredecessorTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(50);

    [Fact]
    public async Task One_that_stops_is_waited_for_and_said()
    {
        int asked = 0;
        var log = new ListLog();
        await new Predecessor(() => ++asked < 4, TimeProvider.System, log).WaitAsync([new IPEndPoint(IPAddress.Parse("127.53.0.9"), 3440)], CancellationToken.None).WaitAsync(Limit);
        Assert.Equal(4, asked);
        Assert.Contains(log.Entries, entry => entry.Message.Contains("it is waited for", StringComparison.Ordinal));
    }

    [Fact]
    public async Task One_that_is_not_there_costs_nothing()
    {
        var log = new ListLog();
        await new Predecessor(() => false, TimeProvider.System, log).WaitAsync([], CancellationToken.None).WaitAsync(Limit);
        Assert.Empty(log.Entries);
    }

    [Fact]
    public async Task One_that_goes_on_listening_is_not_waited_for_long()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await new Predecessor(() => true, TimeProvider.System, new ListLog()).WaitAsync([(IPEndPoint)listener.LocalEndpoint], CancellationToken.None).WaitAsync(Limit);
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Deploy.Tests.EndToEnd.Harness;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.EndToEnd;

/// <summary>What a service manager is told, sd_notify(3), over a socket with a path and over an abstract one.</summary>
[Trait("Category", "EndToEnd")]
public class ServiceManagerTests
{
    private const int SigHup = 1; // signal(7)

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task It_is_told_of_readiness_reloads_and_the_stop(bool isAbstract)
    {
        using var folder = new TempFolder();
        string name = isAbstract ? "@" + folder["notify"] : folder["notify"];
        using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { ReceiveTimeout = (int)Eventually.Limit.TotalMilliseconds };
        socket.Bind(new UnixDomainSocketEndPoint(isAbstract ? "\0" + name[1..] : name));
        var setup = new AgentSetup(folder.Path) { Environment = new Dictionary<string, string?> { ["NOTIFY_SOCKET"] = name } };
        await using var agent = await RunningAgent.StartAsync(setup);
        Assert.Equal("1", Receive(socket)["READY"]);

        foreach (string content in new[] { File.ReadAllText(setup.IniPath), "[broken" })
        {
            File.WriteAllText(setup.IniPath, content);
            long before = Microseconds();
            agent.Signal(SigHup);
            var reload = Receive(socket);
            Assert.Equal("1", reload["RELOADING"]);
            Assert.InRange(long.Parse(reload["MONOTONIC_USEC"], CultureInfo.InvariantCulture), before, Microseconds());
            Assert.Equal("1", Receive(socket)["READY"]); // Also after a mistake: the old settings serve.
        }

        Assert.Equal(0, await agent.StopAsync());
        Assert.Equal("1", Receive(socket)["STOPPING"]);
        Assert.Equal(0, socket.Available);
    }

    [Fact]
    public async Task A_socket_that_nobody_listens_on_stops_nothing()
    {
        using var folder = new TempFolder();
        await using var agent = await RunningAgent.StartAsync(new AgentSetup(folder.Path) { Environment = new Dictionary<string, string?> { ["NOTIFY_SOCKET"] = folder["nobody"] } });
        Assert.Equal(0, await agent.StopAsync());
    }

    /// <summary>CLOCK_MONOTONIC, which .NET's Stopwatch reads on Linux.</summary>
    private static long Microseconds() => (long)(Stopwatch.GetTimestamp() * (1_000_000.0 / Stopwatch.Frequency));

    private static Dictionary<string, string> Receive(Socket socket)
    {
        byte[] buffer = new byte[4096];
        int length = socket.Receive(buffer);
        return Encoding.UTF8.GetString(buffer, 0, length).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
    }
}

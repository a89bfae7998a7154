using System.Net;
using Deploy.Logs;
using Deploy.Model;
using Deploy.Model.Text;

namespace Deploy.Security.Rates;

/// <summary>A daemon's log, with a bound on the lines that a peer can cause as often as it likes: of each address the first few, then once a minute how many more there were, and the last of them.</summary>
internal sealed class PeerLog : ILog, IDisposable
{
    private const int LastLetters = 500; // ours: of each address the last message is kept

    /// <summary>Stands for no address in particular: what all of them together cause.</summary>
    private static readonly IPAddress All = IPAddress.Any;

    private readonly ILog log;
    private readonly Repeats<IPAddress, (LogLevel Level, string Message)> repeats;

    /// <param name="log">Takes the lines.</param>
    /// <param name="time">The clock.</param>
    public PeerLog(ILog log, TimeProvider time)
    {
        this.log = log;
        repeats = new(Limits.AddressLines, Tell, time);
    }

    public bool IsEnabled(LogLevel level) => log.IsEnabled(level);

    public void Write(LogLevel level, string message) => log.Write(level, message);

    public void Write(LogLevel level, IPAddress? peer, string message)
    {
        if (level > LogLevel.Notice || repeats.IsFirst(peer is null ? All : RateLimits.Counted(peer), (level, SafeText.Of(message, LastLetters)))) // who asks for more wants all of it
        {
            log.Write(level, message);
        }
    }

    public void Write(AccessEntry request) => log.Write(request);

    public void Dispose() => repeats.Dispose();

    private void Tell(IPAddress? address, int count, (LogLevel Level, string Message) last)
    {
        string whose = address is null ? "other addresses" : address.Equals(All) ? "all addresses" : RateLimits.Shown(address);
        log.Write(last.Level, $"and {count} more from {whose} in the last minute, the last: {last.Message}");
    }
}

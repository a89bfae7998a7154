using Deploy.Logs;
using Microsoft.Extensions.Logging;
using LogLevel = Deploy.Logs.LogLevel;

namespace Deploy.Api;

/// <summary>Kestrel's events on our log: requests that it refuses to parse, one line each, and whatever it warns of.</summary>
/// <param name="log">Takes the lines.</param>
/// <param name="peerOf">The peer of a connection id, or null when it is gone.</param>
internal sealed class KestrelLog(ILog log, Func<string, ConnectedPeer?> peerOf) : ILoggerFactory
{
    /// <summary>Kestrel's event before the one that has the reason.</summary>
    private const string SlowBody = "RequestBodyMinimumDataRateNotSatisfied";

    private readonly ILog log = log;
    private readonly Func<string, ConnectedPeer?> peerOf = peerOf;

    /// <summary>The line about a connection that brought no request.</summary>
    public static string Closed(string peer, string reason) => $"connection from {peer} closed: not a request that this port takes ({reason})";

    public ILogger CreateLogger(string categoryName) => new Category(this, categoryName.EndsWith(".BadRequests", StringComparison.Ordinal));

    public void AddProvider(ILoggerProvider provider)
    {
        // One sink, ours.
    }

    public void Dispose()
    {
        // The log belongs to the daemon.
    }

    private sealed class Category(KestrelLog owner, bool badRequests) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(Microsoft.Extensions.Logging.LogLevel logLevel) =>
            logLevel >= (badRequests ? Microsoft.Extensions.Logging.LogLevel.Debug : Microsoft.Extensions.Logging.LogLevel.Warning);

        public void Log<TState>(
            Microsoft.Extensions.Logging.LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel) || eventId.Name == SlowBody)
            {
                return;
            }

            if (badRequests)
            {
                var peer = PeerOf(state);
                if (peer is not null)
                {
                    peer.Said = true;
                }

                owner.log.Notice(Closed(peer?.Name ?? "a peer", exception?.Message ?? formatter(state, null)));
            }
            else
            {
                owner.log.Write(logLevel >= Microsoft.Extensions.Logging.LogLevel.Error ? LogLevel.Error : LogLevel.Warning, $"http server: {formatter(state, exception)}{(exception is null ? string.Empty : ": " + exception.Message)}");
            }
        }

        private ConnectedPeer? PeerOf<TState>(TState state)
        {
            if (state is IReadOnlyList<KeyValuePair<string, object?>> values)
            {
                foreach (var (key, value) in values)
                {
                    if (key == "ConnectionId" && value is string id)
                    {
                        return owner.peerOf(id);
                    }
                }
            }

            return null;
        }
    }
}

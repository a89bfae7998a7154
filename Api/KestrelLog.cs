using Deploy.Logs;
using Microsoft.Extensions.Logging;
using LogLevel = Deploy.Logs.LogLevel;

namespace Deploy.Api;

/// <summary>Kestrel's events on our log: requests that it refuses to parse, one line each, and whatever it warns of.</summary>
/// <param name="log">Takes the lines.</param>
/// <param name="peerOf">The peer of a connection id, or null when it is gone.</param>
internal sealed class KestrelLog(ILog log, Func<string, string?> peerOf) : ILoggerFactory
{
    private readonly ILog log = log;
    private readonly Func<string, string?> peerOf = peerOf;

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
            if (!IsEnabled(logLevel))
            {
                return;
            }

            if (badRequests)
            {
                owner.log.Notice($"connection from {PeerOf(state) ?? "a peer"} closed: not a request that this port takes ({exception?.Message ?? formatter(state, null)})");
            }
            else
            {
                owner.log.Write(logLevel >= Microsoft.Extensions.Logging.LogLevel.Error ? LogLevel.Error : LogLevel.Warning, $"http server: {formatter(state, exception)}{(exception is null ? string.Empty : ": " + exception.Message)}");
            }
        }

        private string? PeerOf<TState>(TState state)
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

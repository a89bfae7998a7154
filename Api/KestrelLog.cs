using Deploy.Logs;
using Microsoft.Extensions.Logging;
using LogLevel = Deploy.Logs.LogLevel;

namespace Deploy.Api;

/// <summary>Kestrel's events: requests that it refuses to parse go to <paramref name="onBadRequest"/>, what it warns of to our log.</summary>
/// <param name="log">Takes warnings and errors.</param>
/// <param name="onBadRequest">Takes a connection's id and why its request was refused.</param>
/// <param name="onNoPlace">Called for a connection that found no place.</param>
internal sealed class KestrelLog(ILog log, Action<string, string> onBadRequest, Action onNoPlace) : ILoggerFactory
{
    private readonly ILog log = log;
    private readonly Action<string, string> onBadRequest = onBadRequest;
    private readonly Action onNoPlace = onNoPlace;

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
            // After a reset in mid-body Kestrel fails to read the body's rest away; the reset has its line already. Of a slow body the next event has the reason.
            if (!IsEnabled(logLevel) || eventId.Name is "RequestBodyDrainBodyReaderInvalidState" or "RequestBodyMinimumDataRateNotSatisfied")
            {
                return;
            }

            if (badRequests)
            {
                owner.onBadRequest(ConnectionOf(state), exception?.Message ?? formatter(state, null));
            }
            else if (eventId.Name == "ConnectionRejected")
            {
                owner.onNoPlace();
            }
            else
            {
                owner.log.Write(
                    logLevel >= Microsoft.Extensions.Logging.LogLevel.Error ? LogLevel.Error : LogLevel.Warning,
                    $"http server: {formatter(state, exception)}{(exception is null ? string.Empty : ": " + exception.Message)}");
            }
        }

        private static string ConnectionOf<TState>(TState state) =>
            (state as IReadOnlyList<KeyValuePair<string, object?>>)?.FirstOrDefault(pair => pair.Key == "ConnectionId").Value as string ?? string.Empty;
    }
}

using System.Collections.Concurrent;
using Deploy.Logs;

namespace Deploy.Tests.Fixtures;

/// <summary>Keeps every entry, for tests that hold what was said against what happened.</summary>
internal sealed class ListLog : ILog
{
    private readonly ConcurrentQueue<(LogLevel Level, string Message)> entries = new();

    public IReadOnlyList<(LogLevel Level, string Message)> Entries => [.. entries];

    /// <summary>The access log.</summary>
    public ConcurrentQueue<AccessEntry> Requests { get; } = new();

    public bool IsEnabled(LogLevel level) => true;

    public void Write(LogLevel level, string message) => entries.Enqueue((level, message));

    public void Write(AccessEntry request) => Requests.Enqueue(request);
}

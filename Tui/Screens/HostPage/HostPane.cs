using Deploy.Model;
using Deploy.Tui.State;

namespace Deploy.Tui.Screens.HostPage;

/// <summary>The state of this screen.</summary>
internal sealed record HostPane
{
    public ListState List { get; init; } = new();

    /// <summary>The host whose jobs these are; another one's are asked for anew. Null before any.</summary>
    public string? Host { get; init; }

    /// <summary>The last jobs of the host as the daemon answered, newest first; null before it did.</summary>
    public IReadOnlyList<JobId>? Jobs { get; init; }
}

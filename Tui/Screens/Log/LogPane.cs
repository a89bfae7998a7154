using System.Collections.Immutable;
using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Tui.State;

namespace Deploy.Tui.Screens.Log;

/// <summary>The state of this screen.</summary>
internal sealed record LogPane
{
    /// <summary>Lines that came while the dashboard looked are kept up to so many; the oldest go.</summary>
    public const int MostLive = 5000;

    /// <summary>Place, top and aside of the text; its filter is what is searched for.</summary>
    public ListState List { get; init; } = new();

    /// <summary>Whose output is shown; null for none yet.</summary>
    public JobId? Job { get; init; }

    /// <summary>Of this host alone; null for all.</summary>
    public string? Host { get; init; }

    /// <summary>Each host by itself, and not those with equal output together.</summary>
    public bool IsByHost { get; init; }

    /// <summary>Whether hosts are shown that are well and said nothing.</summary>
    public bool ShowsOk { get; init; }

    /// <summary>Whether all hosts of a group are named.</summary>
    public bool IsUnfolded { get; init; }

    /// <summary>Whether the cursor goes with the newest line.</summary>
    public bool Follows { get; init; }

    public bool Wraps { get; init; }

    public bool ShowsTimes { get; init; }

    /// <summary>Marker lines: when each was put, and behind how many lines.</summary>
    public ImmutableList<(DateTimeOffset Time, int Behind)> Markers { get; init; } = [];

    /// <summary>Lines as they were printed, of all jobs, the newest last; <see cref="MostLive"/> at most.</summary>
    public ImmutableList<LiveLine> Live { get; init; } = [];

    /// <summary>What was asked for since this was opened.</summary>
    public ImmutableHashSet<Effect.OfFleet> Asked { get; init; } = [];

    /// <summary>Whether the host had ended when its log was asked for last: one that had not is asked again.</summary>
    public bool AskedAtEnd { get; init; }

    /// <summary>Why a question was not answered; null for none.</summary>
    public string? Trouble { get; init; }

    /// <summary>The text as it was made last; null before.</summary>
    public LogText? Text { get; init; }
}

/// <summary>A line that was told of while it was printed.</summary>
/// <param name="Job">Its job.</param>
/// <param name="Host">Where.</param>
/// <param name="Line">What.</param>
/// <param name="Time">By the daemon's clock.</param>
internal sealed record LiveLine(JobId Job, string Host, LogLine Line, DateTimeOffset Time);

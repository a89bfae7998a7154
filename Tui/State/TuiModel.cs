using System.Collections.Immutable;
using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Tui.Screens;
using Deploy.Tui.Screens.Audit;
using Deploy.Tui.Screens.Fleet;
using Deploy.Tui.Screens.History;
using Deploy.Tui.Screens.HostPage;
using Deploy.Tui.Screens.Jobs;
using Deploy.Tui.Screens.Log;
using Deploy.Tui.Screens.Plan;
using Deploy.Tui.Screens.Rollout;
using Deploy.Tui.State.Moments;

namespace Deploy.Tui.State;

/// <summary>All that the dashboard knows: what it draws is a function of this and nothing else.</summary>
internal sealed record TuiModel
{
    public required TuiSetup Setup { get; init; }

    /// <summary>When the last message was taken up.</summary>
    public DateTimeOffset Now { get; init; }

    public int Columns { get; init; } = 80;

    public int Rows { get; init; } = 24;

    /// <summary>The daemons that it is connected to, by name; a proxy is one.</summary>
    public ImmutableDictionary<string, Link> Links { get; init; } = ImmutableDictionary<string, Link>.Empty;

    public HostTable Hosts { get; init; } = HostTable.Empty;

    /// <summary>How many hosts are up, and the like; made anew when hosts were told of, and when time alone changes it.</summary>
    public FleetHealth Health { get; init; } = FleetHealth.Empty;

    public IReadOnlyList<GroupFacts> Groups { get; init; } = [];

    public JobBook Jobs { get; init; } = JobBook.Empty;

    /// <summary>Where the operator is.</summary>
    public Place Place { get; init; } = new(ScreenName.Fleet);

    /// <summary>Where esc leads to, the next first.</summary>
    public ImmutableStack<Place> Back { get; init; } = [];

    public Overlay? Overlay { get; init; }

    /// <summary>Until when what changes hosts may be pressed; null while it is read-only.</summary>
    public DateTimeOffset? ArmedUntil { get; init; }

    /// <summary>A line for the operator, until the next key; null for none.</summary>
    public Notice? Notice { get; init; }

    /// <summary>The model as it was when <c>p</c> froze the screen: that is drawn, with new cursors, until it goes on; null while it moves.</summary>
    public TuiModel? Frozen { get; init; }

    /// <summary>The number of the next wish.</summary>
    public long NextTicket { get; init; } = 1;

    /// <summary>Wishes and acts that were handed in and are not answered yet, by number, in words.</summary>
    public ImmutableDictionary<long, string> Asked { get; init; } = ImmutableDictionary<long, string>.Empty;

    /// <summary>Of <see cref="Asked"/> those that are something of a job that is there: their answer opens no screen.</summary>
    public ImmutableHashSet<long> AskedActs { get; init; } = [];

    /// <summary>The sync group that was planned or deployed last, and the command line that was run last, to begin with the next time.</summary>
    public (string Group, string Command) Last { get; init; } = (string.Empty, string.Empty);

    /// <summary>How many deletions the next deploy may do on a host above its guard; the palette sets it. Null is none.</summary>
    public int? AllowDelete { get; init; }

    /// <summary>Commands of the palette, newest first.</summary>
    public ImmutableList<string> Commands { get; init; } = [];

    public FleetPane Fleet { get; init; } = new();

    public HostPane Host { get; init; } = new();

    public JobsPane JobList { get; init; } = new();

    public RolloutPane Rollout { get; init; } = new();

    public PlanPane Plan { get; init; } = new();

    /// <summary>The job whose lines are followed as they are printed: the one that runs and whose log is in front; null for none.</summary>
    public JobId? LogOf { get; init; }

    public LogPane Log { get; init; } = new();

    public HistoryPane History { get; init; } = new();

    public AuditPane Audit { get; init; } = new();

    /// <summary>Whether what changes hosts may be pressed now.</summary>
    public bool IsArmed => !Setup.IsReadOnly && ArmedUntil > Now;

    /// <summary>The moment by which ages of hosts are told: by the clock of the daemon that tells of them, and not later than it was heard last by more than it may be silent.</summary>
    public DateTimeOffset HostsAsOf => FleetHealth.AsOf(this);

    /// <summary>When the picture changes though nothing happens: the next age that is shown coarser, the end of being armed, the clock's minute. Null for never.</summary>
    public DateTimeOffset? Wake { get; init; }
}

/// <summary>A line for the operator.</summary>
/// <param name="Text">One line.</param>
/// <param name="IsTrouble">Whether something went wrong.</param>
internal sealed record Notice(string Text, bool IsTrouble = false);

using System.Collections.Immutable;
using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Tui;
using Deploy.Tui.Keys;
using Deploy.Tui.Screen;
using Deploy.Tui.State;
using Deploy.Tui.Views;

namespace Deploy.Tests.Tui;

/// <summary>A dashboard without terminal, clock or fleet: messages in, models and effects out.</summary>
internal sealed class Dashboard
{
    public static readonly DateTimeOffset Start = new(2026, 11, 23, 14, 2, 10, TimeSpan.Zero);

    public Dashboard(int columns = 80, int rows = 24, Func<TuiSetup, TuiSetup>? setup = null)
    {
        var chosen = new TuiSetup { Place = "proxy01:3441", Option = " --via proxy01", By = "alice@desk", Zone = TimeZoneInfo.Utc };
        var step = Updating.Start(setup is null ? chosen : setup(chosen));
        Model = step.Model;
        Effects.AddRange(step.Effects);
        Tell(new Message.Resized(columns, rows));
    }

    public TuiModel Model { get; private set; }

    /// <summary>All since they were cleared.</summary>
    public List<Effect> Effects { get; } = [];

    public DateTimeOffset Now { get; set; } = Start;

    /// <summary>What is drawn, line by line, without roles.</summary>
    public string Frame
    {
        get
        {
            var picture = Views.Draw(Model);
            var lines = picture.Lines.Select(line => line.Text).ToList();
            return string.Join('\n', lines) + (picture.Cursor is { } cursor ? $"\n(cursor {cursor.Column},{cursor.Row})" : string.Empty) + "\n";
        }
    }

    public Dashboard Tell(params Message[] messages)
    {
        foreach (var message in messages)
        {
            var step = Updating.Update(Model, message with { At = Now });
            Model = step.Model;
            Effects.AddRange(step.Effects);
        }

        return this;
    }

    /// <summary>Keys, one after another: characters, and names in angle brackets (<c>&lt;enter&gt;</c>).</summary>
    public Dashboard Press(string keys)
    {
        for (int at = 0; at < keys.Length; at++)
        {
            var key = Key.Of(keys[at]);
            int end = keys[at] == '<' ? keys.IndexOf('>', at) : -1;
            if (end > 0 && Enum.TryParse<KeyName>(keys[(at + 1)..end], ignoreCase: true, out var name))
            {
                (key, at) = (new Key(name), end);
            }
            else if (end > 0 && keys[at + 1] == '^')
            {
                (key, at) = (Key.Ctrl(keys[at + 2]), end);
            }

            Tell(new Message.Pressed(key));
        }

        return this;
    }

    public Dashboard Later(TimeSpan time)
    {
        Now += time;
        return Tell(new Message.Woke());
    }

    /// <summary>Connected to a proxy that has told of its hosts: those of the picture in the specification.</summary>
    public Dashboard Connected(int images = 109)
    {
        Now = Start.AddMinutes(-1);
        Tell(new Message.Connected("proxy01", new DaemonSelf { Name = "proxy01", Daemon = "proxy", Version = "0.1.0", Time = Now, Who = "alice" }, TimeSpan.FromMilliseconds(38)));
        Now = Start;
        Tell(new Message.Heard("proxy01"));
        List<HostFacts> hosts =
        [
            .. Enumerable.Range(1, 5).Select(number => Host($"web-{number:000}") with { ClockSkewSeconds = number == 3 ? 1 : 0, LastSyncs = Synced(number is 2 or 4 or 5 ? Start.AddDays(-3) : Start.AddMinutes(-1)) }),
            Host("db-001") with { Rsync = "3.4.1" },
            Host("db-002") with { LastContact = Now.AddSeconds(-47) },
            Host("cache-001") with { LastContact = Now.AddMinutes(-12), Reachable = false, ClockSkewSeconds = null },
            Host("cache-002") with { ClockSkewSeconds = -272 },
            .. Enumerable.Range(1, images).Select(number => Host($"img-{number:000}") with { LastSyncs = Synced(Start.AddDays(-4)) }),
        ];
        return Tell(
            new Message.HostsTold(hosts, IsAll: true),
            new Message.GroupsTold([new("web", "web-[001-005]", 5), new("db", "db-[001-002]", 2), new("edge", $"cache-[001-002],img-[001-{images:000}]", images + 2)]));
    }

    public HostFacts Host(string name) => new()
    {
        Name = name,
        Address = "10.0.0.7:3440",
        Wire = "v1",
        Reachable = true,
        LastContact = Now.AddSeconds(-2),
        Version = "0.1.0",
        Rsync = "3.5.0",
        ClockSkewSeconds = 0.2,
    };

    /// <summary>A job of 120 hosts, and where some stand.</summary>
    public Dashboard Rolling() => Tell(
        new Message.JobsTold([View(Job)]),
        new Message.StandingsTold(Job,
        [
            new HostStanding { Host = "web-002", State = HostState.Running, Rev = 4, Progress = new HostProgress { BytesDone = 78, BytesTotal = 100, FilesDone = 1 } },
            new HostStanding { Host = "web-004", State = HostState.Partial, Rev = 5, ExitCode = 23, Reason = "mkstemp img/.a.png: Permission denied" },
            new HostStanding { Host = "img-109", State = HostState.Queued, Rev = 1 },
            new HostStanding { Host = "web-005", State = HostState.Queued, Rev = 1 },
        ], IsAll: false));

    public static JobId Job { get; } = JobId.TryParse("01JDZZZZZZ00000000000008K2", out var id) ? id : default;

    public static JobView View(JobId job, JobState state = JobState.Running, int hosts = 40) => new()
    {
        Id = job,
        Order = Order.Rsync,
        What = "site",
        Hosts = "web-[001-040]",
        State = state,
        Accepted = Start.AddMinutes(-1),
        By = "alice@desk",
        Summary = Summary(state, hosts),
    };

    public static JobSummary Summary(JobState state, int hosts = 40, long? rate = null) => new() { State = state, Hosts = hosts, Counts = ImmutableDictionary<string, int>.Empty.Add("queued", hosts), BytesPerSecond = rate };

    private static Dictionary<string, LastSync> Synced(DateTimeOffset ended) => new() { ["site"] = new LastSync(Job, HostState.Ok, ended) };
}

using System.Text;
using Deploy.Jobs;
using Deploy.Jobs.Commands;
using Deploy.Jobs.Syncs;
using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Modes.Agent;
using Deploy.Processes;
using Deploy.Rsync;
using Deploy.Security;
using Deploy.Tests.Fixtures;
using Deploy.Tests.Rsync;
using Xunit;

namespace Deploy.Tests.Jobs.Local;

/// <summary>The jobs of an agent, without its wires, over a real rsync.</summary>
internal sealed class LocalAgent : IAsyncDisposable
{
    public const string Name = "web-001";
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    private readonly LiveRsync live;
    private readonly Children children = new(null, new ListLog());
    private readonly SemaphoreSlim slots = new(8);
    private AgentJobs? jobs;

    private LocalAgent(LiveRsync live, AgentRules rules) => (this.live, Rules) = (live, rules);

    public AgentRules Rules { get; set; }

    public RunningSyncs Running { get; private set; } = new();

    public IJobs Jobs => jobs!.Engine;

    public ListLog Log { get; } = new();

    /// <summary>One with the group <c>site</c> from the test's origin to its target, changed as wanted.</summary>
    public static async Task<LocalAgent> StartAsync(LiveRsync live, Func<SyncGroup, SyncGroup>? change = null, string? stateDirectory = null, params CommandEntry[] commands)
    {
        var group = new SyncGroup { Name = "site", Origin = live.Origin + "/", Target = live.Target };
        var agent = new LocalAgent(live, new AgentRules
        {
            Name = Name,
            Targets = new TargetRules([live.Root]),
            Groups = new Dictionary<string, SyncGroup> { ["site"] = change?.Invoke(group) ?? group },
            AllowsFreeForm = false,
            Commands = commands.ToDictionary(command => command.Name),
            MaxCommandTime = TimeSpan.FromSeconds(30),
            OutputCapBytes = 1024,
        });
        await agent.OpenAsync(stateDirectory);
        return agent;
    }

    /// <summary>Hands in a job and waits for its end.</summary>
    public async Task<HostStanding> DoAsync(JobSpec spec) => await EndAsync(await SubmitAsync(spec));

    public async Task<JobId> SubmitAsync(JobSpec spec)
    {
        var taken = await Jobs.SubmitAsync(JobDocument.Of(spec), new Asker("127.13.0.1:1", null), CancellationToken.None);
        return Assert.IsType<Submission.Taken>(taken).Job.Id;
    }

    public Task<HostStanding> EndAsync(JobId id) => UntilAsync(id, standing => standing.State.IsTerminal());

    public async Task<HostStanding> UntilAsync(JobId id, Predicate<HostStanding> is_)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (true)
        {
            var standing = Assert.Single((await Jobs.HostsAsync(id, [], null, CancellationToken.None))!.Items);
            if (is_(standing))
            {
                return standing;
            }

            Assert.True(clock.Elapsed < Longest && !standing.State.IsTerminal(), $"it stands at {standing}");
            await Task.Delay(20);
        }
    }

    public static JobSpec Order(Order order) => new() { Id = JobId.New(DateTimeOffset.UtcNow), Order = order, Hosts = Name, Group = "site" };

    /// <summary>A shape's content as text.</summary>
    public async Task<string> ContentAsync(JobId id, HostStanding standing) =>
        Encoding.UTF8.GetString((await Jobs.ShapeAsync(id, standing.Shape!, CancellationToken.None))!.Bytes.Span);

    /// <summary>As a daemon's stop does, with no grace.</summary>
    public async Task StopAsync()
    {
        Running.Close();
        await jobs!.Engine.StopAsync(new CancellationToken(true)).WaitAsync(Longest);
        await Running.DrainAsync(TimeSpan.FromSeconds(2), new CancellationToken(true)).WaitAsync(Longest);
        await jobs.DisposeAsync();
        jobs = null;
    }

    public async Task OpenAsync(string? stateDirectory)
    {
        Running = new RunningSyncs();
        jobs = await AgentJobs.OpenAsync(() => Rules, stateDirectory, new AgentWork(children, live.Runner, Running, slots, slots), () => AgentSettings.Of(Name), TimeProvider.System, Log, null);
    }

    public async ValueTask DisposeAsync()
    {
        if (jobs is not null)
        {
            await StopAsync();
        }

        await children.DisposeAsync();
        slots.Dispose();
    }
}

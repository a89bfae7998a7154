using Deploy.Model;
using Deploy.Model.Hosts;
using Deploy.Model.Jobs;
using Deploy.Modes.Client.Journal;

namespace Deploy.Tests.Modes.Client.Following;

/// <summary>A proxy that a test has written down.</summary>
internal sealed class ScriptedPlace : JobPlace
{
    public ScriptedJobs Scripted { get; } = new();

    public Dictionary<string, HostSet> Groups { get; } = [];

    public Dictionary<string, int> Ports { get; } = new(HostName.Comparer);

    public override string Name => "proxy-01";

    public override IJobs Jobs => Scripted;

    public override string Option => " --via proxy-01";

    /// <summary>Whether it is this machine.</summary>
    public bool Here { get; set; }

    public override bool IsHere => Here;

    public override bool TakesPorts => true;

    public override string Future => "It goes on at proxy-01";

    public override Task<HostSet?> GroupAsync(string name, CancellationToken cancellationToken) => Task.FromResult(Groups.GetValueOrDefault(name));

    public override Task<JobDocument> SignedAsync(JobDocument document, IReadOnlyList<string> hosts, CancellationToken cancellationToken) => Task.FromResult(document);

    public override Task PrepareAsync(JobId id, IReadOnlyList<string> hosts, IReadOnlyDictionary<string, int> ports, bool keep, CancellationToken cancellationToken) => Task.CompletedTask;

    public override IReadOnlyDictionary<string, int> PortsOf(JobId id) => Ports;

    public override Task<string> LeaveAsync(JobSummary summary) => Task.FromResult("the job goes on at proxy-01");

    public override Task<IReadOnlyList<HostFacts>> HostsAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<HostFacts>>([]);

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

namespace Deploy.Bench.Scenarios;

/// <summary>Every scenario, in the order that they are run.</summary>
internal static class All
{
    public static IReadOnlyList<Scenario> Scenarios { get; } =
    [
        new("startup", "from start to exit, and an agent that has just started", 50, Startup.RunAsync),
        new("exec", "one order to one agent: a command that does nothing", 50, ExecOne.RunAsync),
        new("fanout", "one order to 200 agents", 15, FanOut.RunAsync),
        new("proxy", "one order through a proxy to 200 addresses, and what it costs to have one", 15, ThroughProxy.RunAsync),
        new("fleet", "a job on 2,000 agents through a proxy, as one watcher sees it", 5, FleetExec.RunAsync),
        new("security", "what the secure mode costs: one order on a new connection, and a job on 2,000 agents", 5, CostOfSecurity.RunAsync),
        new("rlist", "the names of 200,000 changes", 7, Rlist.RunAsync),
        new("sync", "a sync of 50,000 files as a job", 7, SyncByJob.RunAsync),
        new("deploy", "a small tree to 40 targets", 7, DeployTree.RunAsync),
        new("tui", "the dashboard: 10,000 made-up hosts during a rollout, and a proxy's 2,000 at rest", 1, Dashboard.RunAsync),
        new("memory", "an agent after 10,000 orders", 1, Memory.RunAsync),
    ];
}

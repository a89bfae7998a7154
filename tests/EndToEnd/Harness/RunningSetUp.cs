namespace Deploy.Tests.EndToEnd.Harness;

/// <summary>A daemon that init has set up.</summary>
internal sealed class RunningSetUp : RunningDaemon
{
    private RunningSetUp(string daemon, string config, string state)
        : base(ProgramRun.Start([daemon, "--config", config, "--state-dir", state, "--shutdown-grace", "1"]), Path.GetDirectoryName(config)!) => Read();

    public static Task<RunningSetUp> StartAsync(string daemon, string config, string state) => ReadyAsync(new RunningSetUp(daemon, config, state));
}

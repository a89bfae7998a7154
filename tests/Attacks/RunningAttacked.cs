using Deploy.Tests.EndToEnd.Harness;

namespace Deploy.Tests.Attacks;

/// <summary>The process of an <see cref="AttackedAgent"/>.</summary>
internal sealed class RunningAttacked : RunningDaemon
{
    private RunningAttacked(AttackedAgent agent)
        : base(ProgramRun.Start(["agent", "--config", agent.ConfigPath, "--state-dir", agent.StateDirectory]), agent.Root) => Read();

    /// <summary>Starts it and waits until it accepts orders.</summary>
    public static Task<RunningAttacked> StartAsync(AttackedAgent agent) => ReadyAsync(new RunningAttacked(agent));
}

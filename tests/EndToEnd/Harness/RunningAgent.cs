namespace Deploy.Tests.EndToEnd.Harness;

/// <summary>A published agent in a process of its own.</summary>
internal sealed class RunningAgent : RunningDaemon
{
    private RunningAgent(AgentSetup setup)
        : base(ProgramRun.Start(setup.CommandLine, setup.Environment, setup.Within), setup.Root)
    {
        Setup = setup;
        Read();
    }

    public AgentSetup Setup { get; }

    /// <summary>For <c>--hosts</c>.</summary>
    public string Address => Setup.Address;

    /// <summary>Writes the files, starts it and waits until it accepts orders.</summary>
    public static Task<RunningAgent> StartAsync(AgentSetup setup) => ReadyAsync(Launch(setup));

    /// <summary>Writes the files and starts it, without a wait.</summary>
    public static RunningAgent Launch(AgentSetup setup)
    {
        setup.Write();
        return new RunningAgent(setup);
    }
}

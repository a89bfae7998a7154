namespace Deploy.Processes;

/// <summary>One running child and its session; made by <see cref="Children.StartAsync"/>.</summary>
internal sealed class Child
{
    /// <summary>Its process id, which is its group's and its session's too.</summary>
    public int Pid => throw new NotImplementedException();

    /// <summary>Ends when the first process ended and its pipes are drained (or one second after it ended, whatever still holds them). Never faults.</summary>
    public Task<ChildExit> Exited => throw new NotImplementedException();

    /// <summary>Every live process of its session, ascending; empty when it ended.</summary>
    public IReadOnlyList<int> LivePids() => throw new NotImplementedException();

    /// <summary>TERM to the whole group, KILL after <paramref name="grace"/>; ends when no process of the group is left. Safe to call twice and after the end.</summary>
    public Task<ChildExit> StopAsync(TimeSpan grace) => throw new NotImplementedException();
}

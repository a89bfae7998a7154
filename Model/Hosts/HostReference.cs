namespace Deploy.Model.Hosts;

/// <summary>Hosts that stand elsewhere under a name; one of the records below. Prints as it is written.</summary>
internal abstract record HostReference;

/// <summary><c>@NAME</c>: a group of hosts.</summary>
/// <param name="Name">Letters of a host name; upper and lower case are two.</param>
internal sealed record GroupReference(string Name) : HostReference
{
    public override string ToString() => "@" + Name;
}

/// <summary><c>@job:ID.STATE</c>: the hosts of a job that stand there.</summary>
/// <param name="Job">The job's id.</param>
/// <param name="State">Where they stand; null is <c>.bad</c>: those that have ended and are not well, wherever.</param>
internal sealed record JobReference(JobId Job, HostState? State) : HostReference
{
    /// <summary>The word for all that have ended and are not well.</summary>
    public const string Bad = "bad";

    /// <summary>The states that are meant.</summary>
    public IReadOnlyList<HostState> States => State is { } one ? [one] : [.. Enum.GetValues<HostState>().Where(state => state.IsTerminal() && !state.IsGood())];

    public override string ToString() => $"@job:{Job}.{State?.Word() ?? Bad}";
}

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
/// <param name="State">Where they stand.</param>
internal sealed record JobReference(JobId Job, HostState State) : HostReference
{
    public override string ToString() => $"@job:{Job}.{State.Word()}";
}

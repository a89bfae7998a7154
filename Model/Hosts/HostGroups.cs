namespace Deploy.Model.Hosts;

/// <summary>A mistake in a group.</summary>
/// <param name="Group">The group's name.</param>
/// <param name="Mistake">What, and where in the group's own text.</param>
internal sealed record GroupMistake(string Group, HostMistake Mistake);

/// <summary>Groups of hosts by name, resolved once: a group may name other groups, in whatever order they stand, but not itself by way of others.</summary>
internal sealed class HostGroups
{
    private const string Expected = "a group consists of hosts and of other groups, e.g. @web,db-001";

    private readonly IReadOnlyDictionary<string, HostExpression> groups;
    private readonly Dictionary<string, HostSet> resolved = new(StringComparer.Ordinal);
    private readonly List<GroupMistake> mistakes = [];

    /// <summary>Resolves all groups; the good ones are there whatever is wrong with others.</summary>
    /// <param name="groups">Each group's name and hosts. Upper and lower case are two names.</param>
    public HostGroups(IReadOnlyDictionary<string, HostExpression> groups)
    {
        this.groups = groups;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (string name in groups.Keys)
        {
            Walk(name, seen);
        }
    }

    /// <summary>What is wrong: cycles, unknown groups, jobs, too many hosts. A group that names a wrong one has no hosts either, and no mistake of its own.</summary>
    public IReadOnlyList<GroupMistake> Mistakes => mistakes;

    /// <summary>The hosts of a group; null for one that is unknown or wrong, and for a job. This is what an expression is resolved with.</summary>
    public HostSet? Find(HostReference reference) => reference is GroupReference group ? resolved.GetValueOrDefault(group.Name) : null;

    /// <summary>Resolves a group after those that it names: depth first, on a stack of its own, so that a long chain costs memory and not the thread's stack.</summary>
    private void Walk(string start, HashSet<string> seen)
    {
        var path = new Stack<(string Name, IEnumerator<HostTerm> Terms)>();
        var onPath = new HashSet<string>(StringComparer.Ordinal);
        Enter(start);
        while (path.TryPeek(out var open))
        {
            if (!open.Terms.MoveNext())
            {
                path.Pop();
                onPath.Remove(open.Name);
                Resolve(open.Name);
                continue;
            }

            var term = open.Terms.Current;
            switch (term.Reference)
            {
                case GroupReference { Name: var named } when onPath.Contains(named):
                    string cycle = string.Join(" > ", path.Select(step => step.Name).TakeWhile(name => name != named).Append(named).Reverse().Append(named));
                    mistakes.Add(new GroupMistake(open.Name, new HostMistake(term.Offset, $"@{named} comes back to itself: {cycle}", Expected)));
                    break;
                case GroupReference { Name: var named } when groups.ContainsKey(named):
                    Enter(named);
                    break;
                case GroupReference:
                    mistakes.Add(new GroupMistake(open.Name, HostExpression.Unknown(term)));
                    break;
                case JobReference job:
                    mistakes.Add(new GroupMistake(open.Name, new HostMistake(term.Offset, $"{job} in a group", Expected)));
                    break;
            }
        }

        void Enter(string name)
        {
            if (seen.Add(name))
            {
                onPath.Add(name);
                path.Push((name, groups[name].Terms.GetEnumerator()));
            }
        }
    }

    /// <summary>Keeps the hosts of a group whose own groups are resolved. What it names in vain has been said.</summary>
    private void Resolve(string name)
    {
        if (groups[name].TryResolve(Find, out var hosts, out var mistake))
        {
            resolved.Add(name, hosts);
        }
        else if (mistake.Unknown is null)
        {
            mistakes.Add(new GroupMistake(name, mistake));
        }
    }
}

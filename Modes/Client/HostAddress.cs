using Deploy.Model;
using Deploy.Model.Hosts;

namespace Deploy.Modes.Client;

/// <summary>A host of <c>--hosts</c>.</summary>
/// <param name="Name">As it was asked; the key of its result.</param>
/// <param name="Address">Name or address, without port and brackets.</param>
/// <param name="Port">TCP port.</param>
internal sealed record HostAddress(string Name, string Address, int Port)
{
    /// <summary>The hosts of a <see cref="HostExpression"/>, in its order; what names the same address and port, in whatever case, is asked once, under its first name.</summary>
    /// <exception cref="UserError">No host, or no expression of hosts.</exception>
    public static IReadOnlyList<HostAddress> ParseList(string list, int defaultPort, int usageExit)
    {
        if (!HostExpression.TryParse(list, ports: true, out var expression, out var mistake) || !expression.TryResolve(_ => null, out var named, out mistake))
        {
            throw mistake.Unknown is { } reference
                ? new UserError($"--hosts: {reference}: groups and jobs are a proxy's, and not in this version of --hosts", usageExit, "name the hosts, e.g. --hosts 'web-[01-20],!web-07'")
                : new UserError($"--hosts, character {mistake.Offset + 1}: {mistake.What}", usageExit, mistake.Expected);
        }

        if (LeavesNothingOut(expression) is { } idle)
        {
            throw new UserError($"--hosts, character {idle.Offset + 1}: this leaves nothing out: none of its hosts stands before it", usageExit, "a name must be written as it stands there: !web-7 is not web-07");
        }

        if (named.Count == 0)
        {
            throw expression.Terms.Count == 0
                ? new UserError("no hosts", usageExit, "say whom to ask, e.g. --hosts web-001,web-002")
                : new UserError("--hosts leaves no host to ask", usageExit, "see what '!' leaves out and '&' keeps of those before it");
        }

        var hosts = new Dictionary<(string Address, int Port), HostAddress>();
        foreach (string name in named)
        {
            var (address, port) = HostName.Split(name);
            var host = new HostAddress(name, address, port > 0 ? port : defaultPort);
            hosts.TryAdd((host.Address.ToLowerInvariant(), host.Port), host);
        }

        return [.. hosts.Values];
    }

    /// <summary>The first exclusion that excludes nobody, null for none: most likely its name is misspelt, and the host that was meant would get the order.</summary>
    private static HostTerm? LeavesNothingOut(HostExpression expression)
    {
        var before = HostSet.Empty;
        foreach (var term in expression.Terms)
        {
            var hosts = HostSet.Of(term.Pattern!.Expand());
            if (term.Sign == HostSign.LeaveOut && before.Except(hosts).Count == before.Count)
            {
                return term;
            }

            before = term.Sign == HostSign.Add ? before.Union(hosts) : before;
        }

        return null;
    }
}

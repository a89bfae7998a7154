using System.Net;
using System.Net.Sockets;
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

        if (LeavesNothingOut(expression, _ => null) is { } idle)
        {
            throw new UserError($"--hosts, character {idle.Term.Offset + 1}: '{idle.Host}' is left out and does not stand before it", usageExit, "a name must be written as it stands there: !web-7 is not web-07");
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
            RefuseOddNumbers(address, "--hosts", usageExit);
            var host = new HostAddress(name, address, port > 0 ? port : defaultPort);
            hosts.TryAdd((host.Address.ToLowerInvariant(), host.Port), host);
        }

        return [.. hosts.Values];
    }

    /// <summary>The host with its port, where it has one of its own.</summary>
    public static string WithPort(string name, IReadOnlyDictionary<string, int> ports) =>
        !ports.TryGetValue(name, out int port) ? name : name.Contains(':', StringComparison.Ordinal) ? $"[{name}]:{port}" : $"{name}:{port}";

    /// <summary>010.0.0.1 would be 8.0.0.1.</summary>
    public static void RefuseOddNumbers(string address, string option, int usageExit)
    {
        if (IPAddress.TryParse(address, out var literal) && literal.AddressFamily == AddressFamily.InterNetwork && literal.ToString() != address)
        {
            throw new UserError($"{option}: {address} would be read as {literal}", usageExit, "write the address without zeros in front, four numbers");
        }
    }

    /// <summary>The first host that is left out and does not stand before, null for none: most likely its name is misspelt, and the host that was meant would get the order. What a group or a job names may be missing.</summary>
    public static (HostTerm Term, string Host)? LeavesNothingOut(HostExpression expression, Func<HostReference, HostSet?> find)
    {
        if (expression.Terms.All(term => term.Sign != HostSign.LeaveOut || term.Pattern is null))
        {
            return null;
        }

        var before = new HashSet<string>(HostName.Comparer);
        foreach (var term in expression.Terms)
        {
            foreach (string host in term.Sign == HostSign.Keep ? [] : term.Pattern?.Expand() ?? find(term.Reference!) ?? (IEnumerable<string>)[])
            {
                if (term.Sign == HostSign.Add)
                {
                    before.Add(host);
                    before.Add(HostName.Split(host).Address); // left out by its name alone, whatever its port
                }
                else if (term.Pattern is not null && !before.Contains(host))
                {
                    return (term, host);
                }
            }
        }

        return null;
    }
}

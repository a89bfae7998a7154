using Deploy.Tests.Fixtures;

namespace Deploy.Tests.Attacks.OnHost;

/// <summary>Groups whose origin is a daemon that plays what a test says.</summary>
public sealed class OriginAgent : HostAgent
{
    /// <summary>Options of each group: one that deletes nothing, one that mirrors under the guard, one that waits a second for a byte, and one that takes links and devices as the original did.</summary>
    private static readonly IReadOnlyDictionary<string, string> Options = new Dictionary<string, string>
    {
        ["plain"] = "options = [\"--archive\"]",
        ["mirror"] = string.Empty,
        ["quick"] = "options = [\"--archive\", \"--timeout=1\"]",
        ["loose"] = "options = [\"--archive\"]\nsafe_links = false\ndevices = true",
    };

    private ScriptedServer? server;

    /// <summary>What the daemon does with a connection, and its number since this was set, from 1 on.</summary>
    internal Func<ScriptedServer.Peer, int, Task> Script
    {
        get;
        set
        {
            field = value;
            Asked = 0;
        }
    } = (_, _) => Task.CompletedTask;

    /// <summary>Connections since <see cref="Script"/> was set.</summary>
    internal int Asked { get; private set; }

    public override async Task InitializeAsync()
    {
        server = new ScriptedServer(peer => Script(peer, ++Asked), Block + "1");
        await base.InitializeAsync();
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await server!.DisposeAsync();
    }

    internal override string Tables(AttackedAgent agent) => string.Concat(Options.Select(group => $"""
        [sync.{group.Key}]
        origin = "rsync://{server!.Address}:{server.Port}/site/"
        target = "{agent.Target}/{group.Key}"
        {group.Value}

        """));

    /// <summary>A target that is there, with a file of its own.</summary>
    internal string Keep(string group)
    {
        string target = Directory.CreateDirectory(Path.Combine(Allowed, group)).FullName;
        File.WriteAllText(Path.Combine(target, "own"), "own");
        return target;
    }
}

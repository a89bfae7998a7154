using Deploy.Model.Hosts;

namespace Deploy.Security.Channel;

/// <summary>A daemon whose key is known.</summary>
/// <param name="Name">What orders call it.</param>
/// <param name="Address">Name or address, without port and brackets; often the name once more.</param>
/// <param name="Port">TCP port.</param>
/// <param name="Pin">Its key.</param>
internal sealed record KnownAgent(string Name, string Address, int Port, Pin Pin)
{
    /// <summary>The key that it is going to have; null where no change is planned.</summary>
    public Pin? Next { get; init; }

    /// <summary>The file that says so, safe to print; empty for none.</summary>
    public string File { get; init; } = string.Empty;

    /// <summary>The line there, from 1.</summary>
    public int Line { get; init; }

    /// <summary>For messages: <c>/home/ann/.config/deploy/known_agents:12</c>.</summary>
    public string Place => Line > 0 ? $"{File}:{Line}" : File;

    /// <summary>Whether it is this one that is asked: by what orders call it, or by where it is.</summary>
    public bool Is(string name, int port) => port == Port && HostName.Comparer.Equals(name, Name);

    /// <summary>As a line of the file, without its end.</summary>
    public override string ToString() => $"{Name} {Address} {Port} {Pin}{(Next is null ? string.Empty : $" next:{Next}")}";
}

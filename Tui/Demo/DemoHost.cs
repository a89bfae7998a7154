using Deploy.Model;
using Deploy.Model.Jobs;

namespace Deploy.Tui.Demo;

/// <summary>One made-up host.</summary>
internal sealed class DemoHost
{
    public required string Name { get; init; }

    /// <summary>Its place in the order of the list.</summary>
    public required int Place { get; init; }

    /// <summary>The host group: web, db, cache, edge or img.</summary>
    public required string Group { get; init; }

    public required string Address { get; init; }

    public bool IsLegacy { get; init; }

    public required string Version { get; init; }

    public required string Rsync { get; init; }

    /// <summary>Its clock less ours, seconds.</summary>
    public double Skew { get; init; }

    /// <summary>True for one that answers nobody.</summary>
    public bool IsDown { get; init; }

    /// <summary>True for one that has answered nobody for less than five minutes, and comes back.</summary>
    public bool IsSuspect { get; init; }

    /// <summary>Bytes a second that it takes on a good day.</summary>
    public required double BytesPerSecond { get; init; }

    /// <summary>Which of the change sets is its own: <see cref="DemoTrees"/>.</summary>
    public required int Variant { get; init; }

    public required DateTimeOffset LastContact { get; set; }

    public JobId? Running { get; set; }

    /// <summary>By sync group, the release that it has.</summary>
    public Dictionary<string, int> Releases { get; } = [];

    public Dictionary<string, LastSync> LastSyncs { get; } = [];

    /// <summary>Whether it answered at a moment; one that is down was well before it went.</summary>
    public bool Answers(DateTimeOffset moment) => !(IsDown || IsSuspect) || moment < LastContact;

    /// <summary>As <c>GET /v1/hosts</c> tells it.</summary>
    public HostFacts Facts() => new()
    {
        Name = Name,
        Address = Address,
        Wire = IsLegacy ? "legacy" : "v1",
        Reachable = !IsDown && !IsSuspect,
        LastContact = LastContact,
        Version = IsLegacy ? null : Version,
        Rsync = IsLegacy ? null : Rsync,
        ClockSkewSeconds = IsLegacy || IsDown ? null : Skew,
        Running = Running,
        LastSyncs = new Dictionary<string, LastSync>(LastSyncs),
    };
}

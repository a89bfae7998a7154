using System.Net;

namespace Deploy.Modes;

/// <summary>What the process finds around itself: the one reader of the environment.</summary>
internal static class Surroundings
{
    /// <summary>This host's name as the kernel has it.</summary>
    public static string HostName => Dns.GetHostName();

    /// <summary>An environment variable, or null when it is not set or empty.</summary>
    public static string? Variable(string name) =>
#pragma warning disable RS0030 // The one home of the environment.
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
#pragma warning restore RS0030
}

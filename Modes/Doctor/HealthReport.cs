using System.Net;
using Deploy.Model.Jobs;
using Deploy.Model.Text;
using Deploy.Modes.Daemon;

namespace Deploy.Modes.Doctor;

/// <summary>What a daemon tells of its host in <c>/v1/self</c>.</summary>
internal static class HealthReport
{
    /// <param name="settings">Those in force.</param>
    /// <param name="stateDirectory">Where it keeps its state, or null.</param>
    /// <param name="confinement">Of an agent's rsync; null for a proxy.</param>
    public static HealthFacts Of(DaemonSettings settings, string? stateDirectory, ConfinementReport? confinement = null) =>
        new(SafeText.Of(Privileges.Current), Privileges.IsRoot, Legacy(settings), settings.UnsignedLoopback)
        {
            Confinement = [.. confinement?.Lines.Select(line => new ConfinementFact(line.What, line.How, line.IsFull)) ?? []],
            StateFreeBytes = stateDirectory is null ? null : FreeBytes(stateDirectory),
        };

    /// <summary>From where orders of the original's wire are taken.</summary>
    public static string Legacy(DaemonSettings settings) => settings.LegacyPeers switch
    {
        [] => "off",
        { } peers when peers.All(IsLoopback) => "loopback",
        null when settings.AllowedHosts.Count == 0 => "off",
        _ => "network",
    };

    /// <summary>Bytes that an ordinary user may still write there, or where it would be made; null where that cannot be told.</summary>
    public static long? FreeBytes(string path)
    {
        try
        {
            string? there = path;
            while (there is not null && !Directory.Exists(there))
            {
                there = Path.GetDirectoryName(there);
            }

            return there is null ? null : new DriveInfo(there).AvailableFreeSpace;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }

    private static bool IsLoopback(string entry) =>
        IPAddress.TryParse(entry.Split('/')[0], out var address) && IPAddress.IsLoopback(address);
}

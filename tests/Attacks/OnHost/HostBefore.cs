using Deploy.Tests.EndToEnd.Harness;
using Xunit;

namespace Deploy.Tests.Attacks.OnHost;

/// <summary>What a host has at one moment: what an attack must leave as it was.</summary>
/// <param name="Outside">Every entry beside the allowed root, with what it holds.</param>
/// <param name="Descriptors">The agent's.</param>
/// <param name="ResidentBytes">The agent's.</param>
internal sealed record HostBefore(string Outside, int Descriptors, long ResidentBytes)
{
    private const int MoreDescriptors = 8;            // connections that end just now
    private const long MoreBytes = 96L * 1024 * 1024; // what a runtime keeps for the next time

    public static HostBefore Of(HostAgent host) => new(Tree(host.Outside), ProcFacts.Descriptors(host.Agent.Daemon.Pid), ProcFacts.ResidentBytes(host.Agent.Daemon.Pid));

    /// <summary>Waits until it is as it was.</summary>
    public async Task BackAsync(HostAgent host)
    {
        Assert.Equal(Outside, Tree(host.Outside));
        Assert.False(host.Agent.Daemon.HasExited, host.Agent.Daemon.LogText);
        await host.Agent.Daemon.NoChildrenAsync();
        int pid = host.Agent.Daemon.Pid;
        await Eventually.TrueAsync(() => ProcFacts.Descriptors(pid) <= Descriptors + MoreDescriptors, () => $"{ProcFacts.Descriptors(pid)} descriptors, there were {Descriptors}");
        await Eventually.TrueAsync(() => ProcFacts.ResidentBytes(pid) <= ResidentBytes + MoreBytes, () => $"{ProcFacts.ResidentBytes(pid)} bytes, there were {ResidentBytes}");
        Assert.Equal(Outside, Tree(host.Outside));
    }

    /// <summary>Every entry below a folder, links not followed, a line each.</summary>
    public static string Tree(string path) => string.Join('\n', Entries(path).Order(StringComparer.Ordinal));

    private static IEnumerable<string> Entries(string folder)
    {
        foreach (string entry in Directory.GetFileSystemEntries(folder))
        {
            if (File.ResolveLinkTarget(entry, returnFinalTarget: false) is { } target)
            {
                yield return $"{entry} -> {target.FullName}";
            }
            else if (Directory.Exists(entry))
            {
                yield return entry + "/";
                foreach (string inner in Entries(entry))
                {
                    yield return inner;
                }
            }
            else
            {
                var file = new FileInfo(entry);
                yield return $"{entry} {file.Length} {file.UnixFileMode} {(file.Attributes.HasFlag(FileAttributes.Device) ? "device" : file.Length > 0 ? File.ReadAllText(entry) : string.Empty)}";
            }
        }
    }
}

using System.Diagnostics;
using System.Security.Cryptography;
using Deploy.Jobs.Syncs;
using Deploy.Model;
using Deploy.Tests.Rsync;

namespace Deploy.Tests.Jobs.Guards;

/// <summary>Random trees that a guard is tried on, and their state bit for bit.</summary>
internal static class GuardedTree
{
    private static readonly string[] Names = ["a", "b", "c", "d e", "new\nline", "-x", "*", "한", "z"];

    /// <summary>A tree of up to some entries: directories, files, links; the same names come again, as other kinds.</summary>
    public static void Make(string root, Random random, int most)
    {
        Directory.CreateDirectory(root);
        var directories = new List<string> { root };
        int count = random.Next(most + 1);
        for (int at = 0; at < count; at++)
        {
            string path = Path.Combine(directories[random.Next(directories.Count)], Names[random.Next(Names.Length)]);
            if (Path.Exists(path) || new FileInfo(path).LinkTarget is not null)
            {
                continue;
            }

            switch (random.Next(5))
            {
                case 0:
                    directories.Add(Directory.CreateDirectory(path).FullName);
                    break;
                case 1:
                    File.CreateSymbolicLink(path, "../nowhere");
                    break;
                default:
                    File.WriteAllText(path, new string('x', random.Next(50)));
                    break;
            }
        }
    }

    /// <summary>Names of all that is below.</summary>
    public static HashSet<string> NamesOf(string root) => Directory.Exists(root) ? [.. HostileTree.Entries(root).Select(entry => Convert.ToHexString(entry.Name))] : [];

    /// <summary>Names, kinds, contents, modes, owners and times of all that is there.</summary>
    public static string Bits(string root)
    {
        using var tar = Process.Start(new ProcessStartInfo("tar", ["--sort=name", "--format=posix", "--pax-option=delete=atime,delete=ctime", "-cf", "-", "-C", root, "."]) { RedirectStandardOutput = true })!;
        string hash = Convert.ToHexString(SHA256.HashData(tar.StandardOutput.BaseStream));
        tar.WaitForExit();
        return tar.ExitCode == 0 ? hash : throw new InvalidOperationException("tar");
    }

    /// <summary>Syncs a group as an order of its own does.</summary>
    public static async Task<SyncDone> SyncAsync(LiveRsync live, SyncGroup group, SyncWish wish)
    {
        var running = new RunningSyncs();
        var claimed = (SyncClaim.Claimed)running.Claim(group.Target.TrimEnd('/'), group.Name, JobId.New(DateTimeOffset.UtcNow));
        var done = await claimed.Sync.FollowAsync(() => new SyncWork(live.Runner, TimeProvider.System).RunAsync(claimed.Sync, group, wish), _ => Task.CompletedTask, TimeProvider.System).WaitAsync(TimeSpan.FromSeconds(60));
        Xunit.Assert.Empty(running.All());
        return done;
    }
}

using System.Globalization;
using System.Security.Cryptography;
using Deploy.Model;
using Deploy.Model.Hosts;
using Deploy.Model.Text;
using Deploy.Modes.Daemon;
using Microsoft.Win32.SafeHandles;

namespace Deploy.Modes.Client.Journal;

/// <summary>
/// What stands beside the journal's store, a few small files a job: who does it, under which ports its hosts are asked, and what others ask of whoever does it. Several clients use them at once.
/// </summary>
/// <remarks>
/// <code>
/// ID.lock    held, by flock(2), by the process that does the job; the kernel lets go of it when that process ends, however it ends
/// ID.ports   a line a port: PORT, a blank, the hosts, folded
/// ID.ask     cancel, pause or resume: the process that does the job looks for it, takes it away and does it
/// </code>
/// Files of jobs that are older than a store keeps are taken away when a job is added.
/// </remarks>
/// <param name="directory">Made where missing, mode 0700.</param>
internal sealed class JournalFiles(string directory)
{
    private const int Kept = 100; // days: longer than the store keeps a job
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>The store's file.</summary>
    public string Store => Path.Combine(directory, "jobs.db");

    /// <summary>True where there is a store.</summary>
    public bool HasStore => File.Exists(Store);

    /// <summary>Makes the directory.</summary>
    /// <exception cref="UserError">It cannot be made, or others may write there.</exception>
    public void Make()
    {
        try
        {
            Directory.CreateDirectory(directory, OwnerOnly);
            if ((File.GetUnixFileMode(directory) & (UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)) != 0)
            {
                throw new UserError($"others may write to {directory}, where jobs are kept", ExitCodes.Failed, $"chmod 700 {directory}");
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserError($"jobs cannot be kept in {directory}: {SafeText.Of(error.Message)}", ExitCodes.Failed, "name another place with $XDG_STATE_HOME, or order through a proxy: --via PROXY");
        }
    }

    /// <summary>Becomes the process that does a job; null where another one is.</summary>
    public SafeFileHandle? TryOwn(JobId id)
    {
        int errno = LockFile.Take(PathOf(id, "lock"), out var held);
        return errno is 0 or LockFile.Busy ? held : throw new UserError($"{PathOf(id, "lock")} cannot be locked (errno {errno})", ExitCodes.Failed, "see that it can be written to, and that the file system has locks");
    }

    /// <summary>Keeps the ports of a job's hosts.</summary>
    public void KeepPorts(JobId id, IReadOnlyList<string> hosts, Func<string, int> portOf)
    {
        var lines = hosts.GroupBy(portOf).Select(same => string.Create(CultureInfo.InvariantCulture, $"{same.Key} {HostFold.Fold(same)}"));
        File.WriteAllLines(PathOf(id, "ports"), lines);
    }

    /// <summary>The ports of a job's hosts; empty where none are kept.</summary>
    public IReadOnlyDictionary<string, int> PortsOf(JobId id)
    {
        var ports = new Dictionary<string, int>(HostName.Comparer);
        string path = PathOf(id, "ports");
        foreach (string line in File.Exists(path) ? File.ReadLines(path) : [])
        {
            if (line.Split(' ', 2) is [var number, var folded] && HostName.ParsePort(number) is > 0 and var port && FrozenHosts.TryParse(folded, out var hosts, out _))
            {
                foreach (string host in hosts.Expand())
                {
                    ports[host] = port;
                }
            }
        }

        return ports;
    }

    /// <summary>Asks something of the process that does a job.</summary>
    public void Ask(JobId id, string word)
    {
        string whole = PathOf(id, "ask." + RandomNumberGenerator.GetHexString(32, lowercase: true));
        File.WriteAllText(whole, word);
        File.Move(whole, PathOf(id, "ask"), overwrite: true); // never seen half written
    }

    /// <summary>What is asked of this process for a job; null for nothing. It is taken away.</summary>
    public string? Asked(JobId id)
    {
        string path = PathOf(id, "ask");
        if (!File.Exists(path))
        {
            return null;
        }

        string word = File.ReadAllText(path);
        File.Delete(path);
        return word;
    }

    /// <summary>Takes away the files of old jobs, and of those that nobody asks any more.</summary>
    public void Tidy(DateTimeOffset now)
    {
        string oldest = JobId.New(now.AddDays(-Kept)).ToString();
        foreach (string path in Directory.EnumerateFiles(directory))
        {
            string name = Path.GetFileName(path);
            if (name.Length > oldest.Length && JobId.TryParse(name.AsSpan(0, oldest.Length), out _) && string.CompareOrdinal(name, 0, oldest, 0, oldest.Length) < 0)
            {
                File.Delete(path);
            }
        }
    }

    private string PathOf(JobId id, string kind) => Path.Combine(directory, $"{id}.{kind}");
}

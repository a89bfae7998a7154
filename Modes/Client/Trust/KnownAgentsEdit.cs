using Deploy.Model;
using Deploy.Modes.SetUp;
using Deploy.Security;
using Deploy.Security.Channel;
using Deploy.Security.Files;

namespace Deploy.Modes.Client.Trust;

/// <summary>Changes a file of known keys; of several that do at once none loses what another wrote.</summary>
/// <param name="path">The file; made where it is not there.</param>
/// <param name="time">The clock.</param>
internal sealed class KnownAgentsEdit(string path, TimeProvider time)
{
    public string Path => path;

    /// <summary>Reads, changes and writes it, while nobody else does.</summary>
    /// <exception cref="UserError">It cannot be read or written, or others hold it.</exception>
    public async Task ChangeAsync(Func<KnownAgents, KnownAgents> change, CancellationToken cancellationToken)
    {
        string folder = System.IO.Path.GetDirectoryName(FileFacts.RealPath(System.IO.Path.GetFullPath(path)))!;
        using (await FolderLock.TakeAsync(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, "--known-agents", time, cancellationToken).ConfigureAwait(false))
        {
            NewFile.Sweep(path);
            var before = KnownAgentsFile.Load(path);
            var after = change(before);
            if (!ReferenceEquals(before, after))
            {
                KnownAgentsFile.Save(path, after);
            }
        }
    }
}

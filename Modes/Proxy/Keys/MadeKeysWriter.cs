using Deploy.Config;
using Deploy.Logs.Places;
using Deploy.Model;
using Deploy.Model.Text;
using Deploy.Modes.Binding;
using Deploy.Modes.Daemon;
using Deploy.Security;

namespace Deploy.Modes.Proxy.Keys;

/// <summary>Changes <c>api_keys.toml</c>, whole or not at all, one process at a time. It gets owner and group of the configuration beside it, so that whoever reads that reads it too; mode 0600, or 0640 like that.</summary>
/// <param name="config">The proxy's configuration.</param>
internal sealed class MadeKeysWriter(string config)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite; // 0600

    private readonly string path = MadeKeysFile.Beside(config);

    /// <summary>Reads the keys, and writes what <paramref name="change"/> makes of the file's text; null of it changes nothing.</summary>
    /// <exception cref="UserError">It cannot be read or written, or has mistakes.</exception>
    public void Change(Func<string, IReadOnlyList<MadeKey>, string?> change)
    {
        string directory = Path.GetDirectoryName(path)!;
        int errno = LockFile.TakeExisting(FileFacts.RealPath(directory), out var held);
        if (errno != 0)
        {
            throw new UserError($"{SafeText.Of(directory)} cannot be locked: {(errno == LockFile.Busy ? "another process changes keys there" : System.Runtime.InteropServices.Marshal.GetPInvokeErrorMessage(errno))}", ExitCodes.Failed, "try again; where it stays so, is that the directory of the proxy's configuration?");
        }

        using (held)
        {
            var keys = Read(path);
            if (change(File.Exists(path) ? ByteText.FromBytes(File.ReadAllBytes(path)) : string.Empty, keys) is { } text)
            {
                Write(ByteText.ToBytes(text));
            }
        }
    }

    /// <summary>The keys in the file.</summary>
    /// <exception cref="UserError">It has mistakes.</exception>
    public static IReadOnlyList<MadeKey> Read(string path)
    {
        var report = new ConfigReport();
        var keys = MadeKeysFile.Read(path, RegularFile.Read, report);
        return report.Errors.Count == 0 ? keys : throw new UserError(string.Join("\ndeploy: error: ", report.Errors), ExitCodes.Configuration, "mend that first: nothing was changed");
    }

    private void Write(byte[] bytes)
    {
        string fresh = path + ".new";
        try
        {
            File.Delete(fresh); // of one that was killed: the lock is ours
            using (var file = new FileStream(fresh, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly }))
            {
                file.Write(bytes);
                if (FileCalls.FactsOf(FileFacts.RealPath(Path.GetFullPath(config))) is { } like)
                {
                    bool isTheirs = FileCalls.ChangeOwner(file.SafeFileHandle, like.Owner, like.Group) == 0;
                    File.SetUnixFileMode(file.SafeFileHandle, isTheirs ? OwnerOnly | ((UnixFileMode)(like.Mode & 0x1FF) & UnixFileMode.GroupRead) : OwnerOnly);
                }

                file.Flush(flushToDisk: true);
            }

            File.Move(fresh, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserError($"{SafeText.Of(path)} cannot be written: {(e is UnauthorizedAccessException ? "permission denied" : e.Message)}", ExitCodes.Failed, "run this as who may write the proxy's configuration; the keys are as they were");
        }
    }
}

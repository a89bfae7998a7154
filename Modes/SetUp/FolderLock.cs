using System.Runtime.InteropServices;
using Deploy.Model;
using Deploy.Model.Text;
using Deploy.Modes.Daemon;
using Deploy.Security;
using Microsoft.Win32.SafeHandles;

namespace Deploy.Modes.SetUp;

/// <summary>A folder that one command changes at a time: its files are read, changed and replaced, and none loses what another wrote.</summary>
internal static class FolderLock
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Makes the folder where it is not there, and holds it until the handle is disposed of.</summary>
    /// <param name="folder">Which.</param>
    /// <param name="mode">Of a new folder.</param>
    /// <param name="elsewhere">The option that names another place.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="UserError">It cannot be made, or others hold it.</exception>
    public static async Task<SafeFileHandle> TakeAsync(string folder, UnixFileMode mode, string elsewhere, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            Directory.CreateDirectory(folder, mode);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserError($"{SafeText.Of(folder)} cannot be made: {(error is UnauthorizedAccessException ? "permission denied" : SafeText.Of(error.Message))}", ExitCodes.Failed, $"name another file: {elsewhere} FILE");
        }

        // The folder is what is held: the files are replaced by each of them. Where its path is a link, the one that it leads to.
        long begun = time.GetTimestamp();
        SafeFileHandle? held;
        while (LockFile.TakeExisting(FileFacts.RealPath(folder), out held) is not 0 and var errno)
        {
            if (errno != LockFile.Busy || time.GetElapsedTime(begun) > Patience)
            {
                throw new UserError($"{SafeText.Of(folder)} cannot be locked ({(errno == LockFile.Busy ? $"held by another for {Patience.TotalSeconds:0} s" : Marshal.GetPInvokeErrorMessage(errno))})", ExitCodes.Failed, $"try again, or name another file: {elsewhere} FILE");
            }

            await Task.Delay(Pace, time, cancellationToken).ConfigureAwait(false);
        }

        return held!;
    }
}

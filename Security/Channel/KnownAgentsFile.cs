using System.Text;
using Deploy.Model;
using Deploy.Model.Text;
using Deploy.Security.Files;

namespace Deploy.Security.Channel;

/// <summary>Reads and writes files of <see cref="KnownAgents"/>.</summary>
internal static class KnownAgentsFile
{
    /// <summary>A pin is no secret, and a proxy's user reads what root wrote.</summary>
    private const UnixFileMode New = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead; // 0644

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute; // 0700, of a directory

    /// <summary>What the file holds; nothing where there is none.</summary>
    /// <param name="path">Which; <c>/dev/null</c> is an empty one.</param>
    /// <param name="daemon">The user of the daemon whose it is, where that is not who asks; null for nobody.</param>
    /// <exception cref="UserError">It cannot be read, others may write to it, or it has a mistake.</exception>
    public static KnownAgents Load(string path, uint? daemon = null)
    {
        if (FileFacts.RealPath(Path.GetFullPath(path)) == "/dev/null")
        {
            return KnownAgents.Empty(path);
        }

        byte[]? bytes = new TrustedFile(path, KnownAgents.MaxBytes, daemon).Read(out string? why);
        return bytes is not null ? KnownAgents.Parse(path, new StreamReader(new MemoryStream(bytes), Encoding.UTF8).ReadToEnd())
            : why is null ? KnownAgents.Empty(path)
            : throw new UserError($"{SafeText.Of(path)} is not used: {why}", ExitCodes.Authentication, "nothing was sent: it says which keys the hosts have; mend it, or name another: --known-agents FILE");
    }

    /// <summary>Writes it whole or not at all, with the mode that the file has; a link stays one.</summary>
    /// <exception cref="UserError">It cannot be written; then it is as it was.</exception>
    public static void Save(string path, KnownAgents agents)
    {
        string real = FileFacts.RealPath(Path.GetFullPath(path));
        var there = FileFacts.Of(real);
        if (there is { IsRegular: false })
        {
            throw new UserError($"{SafeText.Of(path)} is no regular file: nothing is written there", ExitCodes.Failed, "name another file: --known-agents FILE");
        }

        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(real)!, OwnerOnly);
            NewFile.Replace(real, Encoding.UTF8.GetBytes(agents.ToString()), there is { } facts ? (UnixFileMode)(facts.Mode & 0xFFF) : New, there);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserError($"{SafeText.Of(path)} cannot be written: {(error is UnauthorizedAccessException ? "permission denied" : SafeText.Of(error.Message))}", ExitCodes.Failed, "name another file: --known-agents FILE");
        }
    }
}

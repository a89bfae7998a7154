using Deploy.Model;
using Deploy.Output;
using Deploy.Security;
using Deploy.Security.Channel;

namespace Deploy.Modes.Proxy.Keys;

/// <summary>The daemon's TLS key as curl pins it.</summary>
internal static class HostKeyPin
{
    private const string Blank = "sha256//PIN";

    /// <summary><c>sha256//BASE64</c> of the host key in this file; words that say what stands there where there is none yet, or it cannot be used, which is said.</summary>
    public static string Of(string? path, Terminal terminal)
    {
        try
        {
            return (path is null ? null : HostKeyFile.Load(path, FileFacts.Of(FileFacts.RealPath(Path.GetFullPath(path)))?.OwnerId))?.Pin.ForCurl ?? Blank;
        }
        catch (UserError error)
        {
            terminal.WriteWarning(error.Message);
            return Blank;
        }
    }
}

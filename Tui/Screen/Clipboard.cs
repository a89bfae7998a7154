using System.Text;

namespace Deploy.Tui.Screen;

/// <summary>The clipboard of the operator's own terminal, also over SSH: OSC 52 (xterm's ctlseqs). Terminals that do not have it, or do not allow it, pass over it without a word.</summary>
internal static class Clipboard
{
    /// <summary>Bytes of UTF-8 at most: 64 KiB in base64, which terminals take; more would be dropped silently.</summary>
    public const int MostBytes = 48 * 1024;

    /// <summary>What puts the text there; null where it is too long. Base64, so nothing of it reaches the terminal as it is.</summary>
    public static byte[]? Of(string text) => Encoding.UTF8.GetByteCount(text) > MostBytes
        ? null
        : Encoding.ASCII.GetBytes("\e]52;c;" + Convert.ToBase64String(Encoding.UTF8.GetBytes(text)) + "\a");
}

using System.Globalization;
using System.Text;

namespace Deploy.Tui.Screen.Real;

/// <summary>What a terminal is told when it is taken and when it is given back (xterm's ctlseqs; what a terminal does not have it passes over).</summary>
internal static class TerminalModes
{
    /// <summary>The alternate screen, cleared; no cursor; no wrapping at the edge; pastes in brackets; plain text.</summary>
    public static ReadOnlySpan<byte> Enter => "\e[?1049h\e[?25l\e[?7l\e[?2004h\e[m\e[H\e[2J"u8;

    /// <summary>All of that undone. On a terminal without an alternate screen the cursor ends on an empty last row, else where it was before.</summary>
    public static byte[] LeaveAt(int rows) => Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"\e[m\e[{rows}H\e[K\e[?2004l\e[?7h\e[?25h\e[?1049l\r"));
}

using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Deploy.Logs.Places;

/// <summary>
/// The host's syslog daemon: one datagram a line to <c>/dev/log</c>, in the form of RFC 5424, <c>&lt;PRI&gt;1 TIME HOST PROGRAM PID - - MESSAGE</c>, facility daemon.
/// Where nobody listens, or the daemon does not keep up, a line is lost; nothing waits for it. A daemon that was restarted is found again.
/// </summary>
/// <param name="sender">Whose lines they are.</param>
internal sealed class SyslogSocket(LogSender sender) : ILogPlace
{
    private const int Facility = 3;          // daemon: RFC 5424, 6.2.1 // original: the same
    private const int MessageBytes = 8 * 1024; // RFC 5424, 6.1: 2048 should be taken by everybody; rsyslog takes 8 KiB unless told otherwise
    private const int NameLength = 48;       // APP-NAME: RFC 5424, 6.2.5
    private const int HostLength = 255;      // HOSTNAME: RFC 5424, 6.2.4

    private Socket? socket;

    public bool KeepsTimeAndLevel => true;

    public string? Write(DateTimeOffset time, LogLevel level, string line)
    {
        string head = string.Create(
            CultureInfo.InvariantCulture,
            $"<{(Facility * 8) + (int)level}>1 {time.UtcDateTime:yyyy'-'MM'-'dd'T'HH':'mm':'ss.ffffff}Z {Word(sender.Host, HostLength)} {Word(sender.Program, NameLength)} {sender.ProcessId} - - ");
        byte[] message = [.. Encoding.UTF8.GetBytes(head), .. Cut(Encoding.UTF8.GetBytes(line))];
        if (socket is not null && Send(message) is null)
        {
            return null;
        }

        // The daemon that we knew is gone, or we knew none yet.
        return Reopen(time) ?? (Send(message) is { } problem ? $"syslog at {sender.SyslogPath} does not take the line: {problem}" : null);
    }

    public string? Reopen(DateTimeOffset time)
    {
        Dispose();
        Socket? next = null;
        try
        {
            next = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { Blocking = false }; // fails too: without descriptors, or where a sandbox has no such sockets
            next.Connect(new UnixDomainSocketEndPoint(sender.SyslogPath));
            socket = next;
            return null;
        }
        catch (SocketException e)
        {
            next?.Dispose();
            return $"syslog at {sender.SyslogPath} does not listen: {e.Message}";
        }
    }

    public void GiveTo(uint user, uint group)
    {
        // It is not ours; anybody may send to it.
    }

    public void Dispose()
    {
        socket?.Dispose();
        socket = null;
    }

    private string? Send(byte[] message)
    {
        try
        {
            socket!.Send(message);
            return null;
        }
        catch (SocketException e)
        {
            return e.Message;
        }
    }

    /// <summary>At most <see cref="MessageBytes"/>, no character cut in two.</summary>
    private static ReadOnlySpan<byte> Cut(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length <= MessageBytes)
        {
            return bytes;
        }

        int end = MessageBytes;
        while ((bytes[end] & 0xC0) == 0x80) // a byte that goes on a character of UTF-8
        {
            end--;
        }

        return bytes[..end];
    }

    /// <summary>PRINTUSASCII: what is not becomes <c>-</c>, as nothing does.</summary>
    private static string Word(string text, int length)
    {
        string word = string.Concat(text.Take(length).Select(letter => letter is > ' ' and <= '~' ? letter : '-'));
        return word.Length == 0 ? "-" : word;
    }
}

using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Deploy.Model.Text;

namespace Deploy.Logs;

/// <summary>Entries as lines, without the line break.</summary>
/// <remarks>
/// Text: <c>2026-11-22T13:00:00.123Z info message</c>; for the access log the original's
/// <c>127.0.0.1 - [2026/11/22 14:00:00] "POST /agent/status HTTP/1.1" 200 250</c>, local time, <c>-</c> where it looked the peer's name up.
/// JSON: an object with <c>time</c>, <c>level</c> and <c>message</c>, or for the access log the fields of <see cref="AccessEntry"/>.
/// </remarks>
internal static class LogLines
{
    /// <summary>Characters of a path or a method; an address of a request may be 16 KiB long.</summary>
    private const int RemoteLength = 2048;

    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }; // for reading, not for a web page

    /// <summary>The line of this entry.</summary>
    /// <param name="entry">What is to be said.</param>
    /// <param name="format">Text or JSON.</param>
    /// <param name="zone">Local time, of the original's access line.</param>
    /// <param name="isBare">Text without time and level, for a place that keeps these itself.</param>
    public static string Of(LogEntry entry, LogFormat format, TimeZoneInfo zone, bool isBare) => (format, entry.Access) switch
    {
        (LogFormat.Json, _) => Json(entry),
        (_, { } access) => Access(access, TimeZoneInfo.ConvertTime(entry.Time, zone)),
        _ when isBare => entry.Message,
        _ => $"{Stamp(entry.Time)} {entry.Level.Word()} {entry.Message}",
    };

    private static string Access(AccessEntry entry, DateTimeOffset local) => string.Create(
        CultureInfo.InvariantCulture,
        $"{PeerOf(entry)} - [{local:yyyy'/'MM'/'dd HH':'mm':'ss}] \"{Quoted(entry.Method)} {Quoted(entry.Path)} {Quoted(entry.HttpVersion)}\" {entry.Status} {entry.BytesSent}");

    /// <summary>Safe to print, and nothing in it can end the quotes or look like another field.</summary>
    private static string Quoted(string remote) => SafeText.Of(remote, RemoteLength).Replace("\"", "\\x22", StringComparison.Ordinal).Replace(" ", "\\x20", StringComparison.Ordinal);

    /// <summary>IPv4 as itself, also where an IPv6 socket took it.</summary>
    private static string PeerOf(AccessEntry entry) => (entry.Peer.IsIPv4MappedToIPv6 ? entry.Peer.MapToIPv4() : entry.Peer).ToString();

    private static string Json(LogEntry entry)
    {
        var bytes = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(bytes, Relaxed))
        {
            json.WriteStartObject();
            json.WriteString("time", Stamp(entry.Time));
            json.WriteString("level", entry.Level.Word());
            if (entry.Access is { } access)
            {
                json.WriteString("peer", PeerOf(access));
                json.WriteString("method", SafeText.Of(access.Method, RemoteLength));
                json.WriteString("path", SafeText.Of(access.Path, RemoteLength));
                json.WriteString("version", SafeText.Of(access.HttpVersion, RemoteLength));
                json.WriteNumber("status", access.Status);
                json.WriteNumber("bytes", access.BytesSent);
                json.WriteNumber("milliseconds", Math.Round(access.Duration.TotalMilliseconds, 3));
                WriteIfSet(json, "order", access.Order);
                WriteIfSet(json, "job", access.Job);
            }
            else
            {
                json.WriteString("message", entry.Message);
            }

            json.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    private static void WriteIfSet(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }

    private static string Stamp(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}

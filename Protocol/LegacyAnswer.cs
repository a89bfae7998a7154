using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Deploy.Model.Text;

namespace Deploy.Protocol;

/// <summary>
/// What an agent answers to an order that ran: JSON whose values are all strings or lists of strings, <c>return</c> first, in the original's look
/// (every line at the margin). HTTP 200, <c>application/json</c>.
/// </summary>
internal abstract record LegacyAnswer
{
    private const int SmallBytes = 8 * 1024; // the small members, and the 4 KiB that Utf8JsonWriter asks for ahead

    private static readonly JsonWriterOptions Look = new()
    {
        Indented = true,
        IndentSize = 0,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // for no browser; it leaves non-ASCII names readable
    };

    /// <summary>The body, valid JSON in UTF-8 without a newline at the end.</summary>
    public ReadOnlyMemory<byte> ToJson()
    {
        var buffer = new ArrayBufferWriter<byte>(SmallBytes + LargeBytes);
        using (var json = new Utf8JsonWriter(buffer, Look))
        {
            json.WriteStartObject();
            Write(json);
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    /// <summary>Bytes that the large members will take, so that one buffer does: names and outputs are megabytes. A guess, but a good one.</summary>
    private protected virtual int LargeBytes => 0;

    /// <summary>Writes the members, in their fixed order.</summary>
    private protected abstract void Write(Utf8JsonWriter json);

    private protected static void Number(Utf8JsonWriter json, string name, long value) =>
        json.WriteString(name, value.ToString(CultureInfo.InvariantCulture));

    private protected static void Pids(Utf8JsonWriter json, IReadOnlyList<int> pids)
    {
        json.WriteStartArray("process");
        foreach (int pid in pids)
        {
            json.WriteStringValue(pid.ToString(CultureInfo.InvariantCulture));
        }

        json.WriteEndArray();
    }

    private protected static void Names(Utf8JsonWriter json, string name, IEnumerable<ReadOnlyMemory<byte>> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteStringValue(value.Span);
        }

        json.WriteEndArray();
    }
}

/// <summary>status: what a sync would transfer.</summary>
/// <param name="Files">Regular files.</param>
/// <param name="Bytes">Their total size.</param>
internal sealed record StatusAnswer(long Files, long Bytes) : LegacyAnswer
{
    private protected override void Write(Utf8JsonWriter json)
    {
        json.WriteString("return", "true");
        json.WriteString("alreadyRsync", "false");
        Number(json, "transferFilesCount", Files);
        Number(json, "transferFilesSize", Bytes);
    }
}

/// <summary>status and rsync while a sync of the target runs.</summary>
/// <param name="Process">Its process ids.</param>
internal sealed record RunningAnswer(IReadOnlyList<int> Process) : LegacyAnswer
{
    private protected override void Write(Utf8JsonWriter json)
    {
        json.WriteString("return", "true");
        json.WriteString("alreadyRsync", "true");
        Pids(json, Process);
    }
}

/// <summary>rlist: what a sync would change, by name.</summary>
/// <param name="Files">Regular files that would be transferred.</param>
/// <param name="Bytes">Their total size.</param>
/// <param name="NewFiles">Names of what is new or changed, in rsync's order, UTF-8.</param>
/// <param name="DeletedFiles">Names of what would be deleted, UTF-8.</param>
internal sealed record RlistAnswer(long Files, long Bytes, IEnumerable<ReadOnlyMemory<byte>> NewFiles, IEnumerable<ReadOnlyMemory<byte>> DeletedFiles) : LegacyAnswer
{
    private protected override int LargeBytes => NewFiles.Concat(DeletedFiles).Sum(name => name.Length + "\"\",\n".Length);

    private protected override void Write(Utf8JsonWriter json)
    {
        json.WriteString("return", "true");
        Number(json, "transferFilesCount", Files);
        Number(json, "transferFilesSize", Bytes);
        Names(json, "transferNewFiles", NewFiles);
        Names(json, "transferDeleteFiles", DeletedFiles);
    }
}

/// <summary>rsync: the sync runs.</summary>
/// <param name="Checksum">32 hex digits that stand for what runs.</param>
internal sealed record RsyncAnswer(string Checksum) : LegacyAnswer
{
    private protected override void Write(Utf8JsonWriter json)
    {
        json.WriteString("return", "true");
        json.WriteString("checksum", Checksum);
    }
}

/// <summary>rkill: what was stopped.</summary>
/// <param name="Process">The process ids; empty when nothing ran.</param>
internal sealed record RkillAnswer(IReadOnlyList<int> Process) : LegacyAnswer
{
    private protected override void Write(Utf8JsonWriter json)
    {
        json.WriteString("return", "true");
        Pids(json, Process);
    }
}

/// <summary>exec: the command ran.</summary>
/// <param name="Succeeded">Its exit code was 0.</param>
/// <param name="Output">stdout and stderr as they came.</param>
/// <param name="CommandLine">The line as the original would have written it, in ByteText.</param>
internal sealed record ExecAnswer(bool Succeeded, ReadOnlyMemory<byte> Output, string CommandLine) : LegacyAnswer
{
    private protected override int LargeBytes => Base64.GetMaxEncodedToUtf8Length(Output.Length);

    private protected override void Write(Utf8JsonWriter json)
    {
        json.WriteString("return", Succeeded ? "true" : "false");
        json.WriteBase64String("content", Output.Span);
        json.WriteBase64String("command", ByteText.ToBytes(CommandLine));
    }
}

/// <summary>An order of rsync's that failed; HTTP 200 all the same.</summary>
/// <param name="Said">What rsync said.</param>
internal sealed record FailedAnswer(ReadOnlyMemory<byte> Said) : LegacyAnswer
{
    private protected override void Write(Utf8JsonWriter json)
    {
        json.WriteString("return", "false");
        json.WriteBase64String("content", Said.Span);
    }
}

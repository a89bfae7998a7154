using System.Buffers;
using System.Text;
using System.Text.Json;
using Deploy.Model.Text;

namespace Deploy.Protocol;

/// <summary>
/// Reads the JSON of any agent or proxy, ours or the original's. Bytes that are not UTF-8 inside strings become rsync's <c>\#ooo</c>; JSON that is
/// invalid because the original escaped nothing is recovered line by line (<see cref="LegacyLines"/>).
/// </summary>
internal static class LegacyJson
{
    /// <summary>Levels; a proxy's answer has 6.</summary>
    public const int MaxDepth = 16;

    /// <summary>Levels of an agent's answer, which has 2; so that what a proxy makes of it stays within <see cref="MaxDepth"/>.</summary>
    public const int MaxAgentDepth = 8;

    /// <summary>Values of one document.</summary>
    public const int MaxValues = 4_000_000; // so that 256 MiB of commas cannot become gigabytes of objects

    /// <summary>Bytes of one document that may be no UTF-8: names in KOI8 of an rlist of 16 MB.</summary>
    public const int MaxRawBytes = 16 * 1024 * 1024; // each becomes six: 256 MiB of them would become gigabytes

    /// <summary>What a value begins with.</summary>
    private static readonly SearchValues<byte> Beginnings = SearchValues.Create("{[\"-0123456789tfn"u8);

    /// <summary>The value of any bytes; never throws.</summary>
    public static LegacyReading Read(ReadOnlySpan<byte> json, int maxDepth = MaxDepth)
    {
        if (json.IsEmpty)
        {
            return new LegacyReading(null, ["the answer is empty"], false);
        }

        // Looked at before anything is made of it.
        if (json.TrimStart(" \t\r\n"u8) is not [var first, ..] || !Beginnings.Contains(first))
        {
            return new LegacyReading(null, ["the answer is not JSON"], false);
        }

        int raw = ByteText.IsUtf8(json) ? 0 : CountRaw(json);
        if (raw > MaxRawBytes)
        {
            return new LegacyReading(null, [$"more than {MaxRawBytes} bytes of the answer are not UTF-8"], false);
        }

        try
        {
            byte[]? mended = raw == 0 ? null : Mend(json, raw);
            var reader = new Utf8JsonReader(mended ?? json, new JsonReaderOptions { MaxDepth = maxDepth });
            int left = MaxValues;
            reader.Read();
            var value = ReadValue(ref reader, ref left);
            if (value is not null && !reader.Read())
            {
                return new LegacyReading(value, [], true);
            }

            return new LegacyReading(null, [$"the answer has more than {MaxValues} values"], false);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: an escaped lone surrogate in a string, which is no text.
            return LegacyLines.Recover(json);
        }
    }

    /// <summary>The value at the reader's token; null when there are more values than are kept.</summary>
    private static LegacyValue? ReadValue(ref Utf8JsonReader reader, ref int left)
    {
        if (--left < 0)
        {
            return null;
        }

        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                return new LegacyString(reader.GetString()!);
            case JsonTokenType.StartArray:
                var items = new List<LegacyValue>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    if (ReadValue(ref reader, ref left) is not { } item)
                    {
                        return null;
                    }

                    items.Add(item);
                }

                return new LegacyList(items);
            case JsonTokenType.StartObject:
                return ReadObject(ref reader, ref left);
            case JsonTokenType.Null:
                return LegacyNull.Value;
            default:
                return new LegacyNumber(Encoding.UTF8.GetString(reader.ValueSpan));
        }
    }

    private static LegacyObject? ReadObject(ref Utf8JsonReader reader, ref int left)
    {
        var names = new Dictionary<string, int>(StringComparer.Ordinal);
        var members = new List<KeyValuePair<string, LegacyValue>>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            string name = reader.GetString()!;
            reader.Read();
            if (ReadValue(ref reader, ref left) is not { } value)
            {
                return null;
            }

            if (names.TryGetValue(name, out int place))
            {
                members[place] = new(name, value);
            }
            else
            {
                names[name] = members.Count;
                members.Add(new(name, value));
            }
        }

        return new LegacyObject(members);
    }

    /// <summary>How many bytes are not UTF-8; counts to just over the limit.</summary>
    private static int CountRaw(ReadOnlySpan<byte> json)
    {
        int raw = 0;
        while (!json.IsEmpty && raw <= MaxRawBytes)
        {
            bool valid = Rune.DecodeFromUtf8(json, out _, out int length) == OperationStatus.Done;
            raw += valid ? 0 : 1;
            json = json[(valid ? length : 1)..];
        }

        return raw;
    }

    /// <summary>Each byte that is not UTF-8 as the JSON of <c>\#ooo</c>.</summary>
    /// <param name="json">The bytes.</param>
    /// <param name="rawBytes">How many of them are not UTF-8.</param>
    private static byte[] Mend(ReadOnlySpan<byte> json, int rawBytes)
    {
        byte[] mended = new byte[json.Length + (5 * rawBytes)];
        var rest = mended.AsSpan();
        while (!json.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(json, out _, out int length) == OperationStatus.Done)
            {
                json[..length].CopyTo(rest);
                json = json[length..];
                rest = rest[length..];
            }
            else
            {
                byte raw = json[0];
                ReadOnlySpan<byte> escaped = [(byte)'\\', (byte)'\\', (byte)'#', (byte)('0' + (raw >> 6)), (byte)('0' + ((raw >> 3) & 7)), (byte)('0' + (raw & 7))];
                escaped.CopyTo(rest);
                json = json[1..];
                rest = rest[escaped.Length..];
            }
        }

        return mended;
    }
}

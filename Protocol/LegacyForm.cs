using System.Buffers;
using Deploy.Model;
using Deploy.Model.Text;

namespace Deploy.Protocol;

/// <summary>
/// The body (or query) of a legacy request: <c>auth_key=..&amp;options=..&amp;args=..&amp;api_key=..</c>.
/// </summary>
/// <remarks>
/// Layout: fields parted by <c>&amp;</c>, name and value by the first <c>=</c>. A server decodes <c>+</c> to a blank and <c>%XX</c> to a byte, once;
/// a <c>%</c> without two hex digits stays (recordings raw_job_plus, raw_job_amp). The original client encodes nothing; ours encodes once
/// what would otherwise change its meaning. Of a field that stands twice the last counts, as in a Perl hash. Bytes that are not ASCII go raw.
/// </remarks>
internal static class LegacyForm
{
    /// <summary>The longest form that is read, bytes: a host list of 256 KiB, each byte encoded, and room. Ours; the original had no limit.</summary>
    public const int MaxBytes = Limits.BodyBytes;

    /// <summary>The request body, the four fields always and in the original's order.</summary>
    /// <param name="fields">The values, in ByteText.</param>
    /// <param name="encoding">Which of them are encoded.</param>
    public static byte[] Encode(LegacyFields fields, FieldEncoding encoding = FieldEncoding.Once)
    {
        var body = new ArrayBufferWriter<byte>(256);
        body.Write("auth_key="u8);
        body.Write(Value(fields.AuthKey.Reveal()));
        body.Write("&options="u8);
        byte[] options = Value(fields.Options);
        body.Write(encoding == FieldEncoding.OptionsTwice ? EncodeValue(options) : options);
        body.Write("&args="u8);
        body.Write(Value(fields.Args));
        body.Write("&api_key="u8);
        body.Write(Value(fields.ApiKey.Reveal()));
        return body.WrittenSpan.ToArray();

        byte[] Value(string text) => encoding == FieldEncoding.AsGiven ? ByteText.ToBytes(text) : EncodeValue(ByteText.ToBytes(text));
    }

    /// <summary>The fields of any bytes; never throws. A form over <see cref="MaxBytes"/> has no fields at all: nothing is read in part.</summary>
    public static LegacyFields Parse(ReadOnlySpan<byte> form)
    {
        string authKey = string.Empty, options = string.Empty, args = string.Empty, apiKey = string.Empty;
        if (form.Length <= MaxBytes)
        {
            foreach (var range in form.Split((byte)'&'))
            {
                var field = form[range];
                int equals = field.IndexOf((byte)'=');
                var name = equals < 0 ? field : field[..equals];
                var value = equals < 0 ? default : field[(equals + 1)..];
                if (name.SequenceEqual("auth_key"u8))
                {
                    authKey = Decode(value);
                }
                else if (name.SequenceEqual("options"u8))
                {
                    options = Decode(value);
                }
                else if (name.SequenceEqual("args"u8))
                {
                    args = Decode(value);
                }
                else if (name.SequenceEqual("api_key"u8))
                {
                    apiKey = Decode(value);
                }
            }
        }

        return new LegacyFields(new Secret(authKey), options, args, new Secret(apiKey));
    }

    /// <summary>Whether these options mean the same to every peer, however often they are decoded.</summary>
    public static bool IsPlain(string options)
    {
        byte[] bytes = ByteText.ToBytes(options);
        return EncodeValue(bytes).Length == bytes.Length;
    }

    private static byte[] EncodeValue(ReadOnlySpan<byte> value)
    {
        var encoded = new ArrayBufferWriter<byte>(value.Length + 16);
        foreach (byte one in value)
        {
            if (one is <= 0x20 or 0x7F or (byte)'%' or (byte)'&' or (byte)'+')
            {
                var hex = encoded.GetSpan(3);
                hex[0] = (byte)'%';
                hex[1] = HexDigit(one >> 4);
                hex[2] = HexDigit(one & 0xF);
                encoded.Advance(3);
            }
            else
            {
                encoded.GetSpan(1)[0] = one;
                encoded.Advance(1);
            }
        }

        return encoded.WrittenSpan.ToArray();
    }

    private static string Decode(ReadOnlySpan<byte> value)
    {
        byte[] bytes = new byte[value.Length];
        int length = 0;
        for (int i = 0; i < value.Length; i++)
        {
            byte one = value[i];
            if (one == '%' && i + 2 < value.Length && HexValue(value[i + 1]) is var high and >= 0 && HexValue(value[i + 2]) is var low and >= 0)
            {
                one = (byte)((high << 4) | low);
                i += 2;
            }
            else if (one == '+')
            {
                one = (byte)' ';
            }

            bytes[length++] = one;
        }

        return ByteText.FromBytes(bytes.AsSpan(0, length));
    }

    private static byte HexDigit(int value) => (byte)"0123456789ABCDEF"[value];

    private static int HexValue(byte digit) => digit switch
    {
        >= (byte)'0' and <= (byte)'9' => digit - '0',
        >= (byte)'a' and <= (byte)'f' => digit - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => digit - 'A' + 10,
        _ => -1,
    };
}

using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Deploy.Model;

/// <summary>The id of a job: a ULID, 26 characters of Crockford's base32: 48 bits of Unix milliseconds, 80 random bits. Ids sort by time.</summary>
internal readonly record struct JobId
{
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"; // Crockford: no I, L, O, U
    private const int Characters = 26; // github.com/ulid/spec: 130 bits, the first two zero

    private readonly UInt128 value;

    private JobId(UInt128 value) => this.value = value;

    /// <summary>A new id for this moment.</summary>
    public static JobId New(DateTimeOffset now)
    {
        Span<byte> bytes = stackalloc byte[16];
        RandomNumberGenerator.Fill(bytes[6..]);
        Span<byte> milliseconds = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(milliseconds, now.ToUnixTimeMilliseconds());
        milliseconds[2..].CopyTo(bytes);
        return new JobId(BinaryPrimitives.ReadUInt128BigEndian(bytes));
    }

    /// <summary>True for 26 characters of the alphabet, upper or lower case, that fit 128 bits.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out JobId id)
    {
        id = default;
        if (text.Length != Characters || text[0] > '7')
        {
            return false;
        }

        UInt128 value = 0;
        foreach (char character in text)
        {
            int digit = Alphabet.IndexOf(char.ToUpperInvariant(character), StringComparison.Ordinal);
            if (digit < 0)
            {
                return false;
            }

            value = (value << 5) | (UInt128)digit;
        }

        id = new JobId(value);
        return true;
    }

    public override string ToString() => string.Create(Characters, value, static (text, rest) =>
    {
        for (int at = text.Length - 1; at >= 0; at--)
        {
            text[at] = Alphabet[(int)(rest & 31)];
            rest >>= 5;
        }
    });
}

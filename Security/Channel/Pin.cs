using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Deploy.Model.Text;

namespace Deploy.Security.Channel;

/// <summary>Which TLS key a daemon has: all that is checked of it, no authority, no name and no date.</summary>
/// <remarks>
/// The SHA-256 (FIPS 180-4) of the key's SubjectPublicKeyInfo (RFC 5280 4.1, DER), 32 bytes. As text <c>deploy1-</c> and eight groups of seven letters of base32 (RFC 4648 6, A to Z and 2 to 7),
/// parted by dashes: the 256 bits, and four bits of 0, are 52 letters in four blocks of 13; each block has a fourteenth that checks it, and is two groups. The check is the sum over GF(2^5),
/// x^5 + x^2 + 1, of each letter's value times 2^i for the i-th of its block, from 1, and the block's number: one wrong letter, and any two of a block that changed places, are always found.
/// </remarks>
internal sealed class Pin : IEquatable<Pin>
{
    /// <summary>What each begins with: the form's name and version.</summary>
    public const string Prefix = "deploy1-";

    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private const int Blocks = 4;
    private const int BlockData = 13; // letters, and one that checks them
    private const int Group = 7;
    private const int TextLetters = Blocks * (BlockData + 1);
    private const int FieldPolynomial = 0b100101;

    private readonly byte[] hash;

    private Pin(byte[] hash) => this.hash = hash;

    /// <summary>As curl has it (--pinnedpubkey).</summary>
    public string ForCurl => "sha256//" + Convert.ToBase64String(hash);

    /// <summary>The pin of a certificate's key.</summary>
    public static Pin Of(X509Certificate2 certificate) => new(SHA256.HashData(certificate.PublicKey.ExportSubjectPublicKeyInfo()));

    /// <summary>Reads one in either case, with its dashes or without.</summary>
    /// <param name="text">The text.</param>
    /// <param name="pin">The pin.</param>
    /// <param name="why">What is wrong and where, safe to print.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out Pin? pin, [NotNullWhen(false)] out string? why)
    {
        pin = null;
        why = Read(text, out byte[] values) ?? Check(text, values);
        if (why is not null)
        {
            return false;
        }

        byte[] hash = new byte[SHA256.HashSizeInBytes];
        int bits = 0, held = 0, at = 0;
        for (int letter = 0; letter < TextLetters; letter++)
        {
            if (letter % (BlockData + 1) == BlockData)
            {
                continue;
            }

            (bits, held) = ((bits << 5) | values[letter], held + 5);
            if (held >= 8 && at < hash.Length)
            {
                held -= 8;
                hash[at++] = (byte)(bits >> held);
                bits &= (1 << held) - 1;
            }
        }

        if (bits != 0)
        {
            why = "its last letters are those of no pin";
            return false;
        }

        pin = new Pin(hash);
        return true;
    }

    /// <summary>Takes the same time whichever byte differs.</summary>
    public bool Equals(Pin? other) => other is not null && CryptographicOperations.FixedTimeEquals(hash, other.hash);

    public override bool Equals(object? obj) => Equals(obj as Pin);

    public override int GetHashCode() => BitConverter.ToInt32(hash);

    /// <summary>The text, with its dashes; 71 letters.</summary>
    public override string ToString()
    {
        Span<byte> values = stackalloc byte[TextLetters];
        int bits = 0, held = 0, at = 0;
        for (int letter = 0; letter < TextLetters; letter++)
        {
            int place = letter % (BlockData + 1);
            if (place == BlockData)
            {
                values[letter] = CheckOf(values.Slice(letter - BlockData, BlockData), letter / (BlockData + 1));
                continue;
            }

            if (held < 5)
            {
                (bits, held) = at < hash.Length ? ((bits << 8) | hash[at++], held + 8) : (bits << 4, held + 4);
            }

            held -= 5;
            values[letter] = (byte)(bits >> held);
            bits &= (1 << held) - 1;
        }

        var text = new StringBuilder(Prefix, Prefix.Length + TextLetters + (TextLetters / Group));
        for (int letter = 0; letter < TextLetters; letter++)
        {
            text.Append(letter > 0 && letter % Group == 0 ? "-" : string.Empty).Append(Letters[values[letter]]);
        }

        return text.ToString();
    }

    /// <summary>The letters' values, in which no check is made yet; or why there are none.</summary>
    private static string? Read(string text, out byte[] values)
    {
        values = new byte[TextLetters];
        if (!text.StartsWith(Prefix.TrimEnd('-'), StringComparison.OrdinalIgnoreCase))
        {
            return $"it does not begin with {Prefix}";
        }

        int count = 0;
        for (int at = Prefix.Length - 1; at < text.Length; at++)
        {
            char letter = text[at];
            if (letter == '-' && count % Group == 0 && count < TextLetters && text[at - 1] != '-')
            {
                continue;
            }

            int value = char.IsAscii(letter) ? Letters.IndexOf(char.ToUpperInvariant(letter), StringComparison.Ordinal) : -1;
            if (value < 0)
            {
                string hint = letter switch { '-' => "a dash stands between groups of seven letters alone", '0' => "is it the letter O?", '1' => "is it the letter I or L?", '8' => "is it the letter B?", _ => "a pin has the letters A to Z and 2 to 7" };
                return $"character {at + 1} is '{SafeText.Of(letter.ToString())}': {hint}";
            }

            if (count == TextLetters)
            {
                return $"it goes on behind its {TextLetters} letters, at character {at + 1}";
            }

            values[count++] = (byte)value;
        }

        return count < TextLetters ? $"it has {count} of {TextLetters} letters behind {Prefix}: a part is missing" : null;
    }

    private static string? Check(string text, byte[] values)
    {
        for (int block = 0; block < Blocks; block++)
        {
            var letters = values.AsSpan(block * (BlockData + 1), BlockData + 1);
            if (CheckOf(letters[..BlockData], block) != letters[BlockData])
            {
                string shown = string.Concat(letters.ToArray().Select((value, at) => (at == Group ? "-" : string.Empty) + Letters[value]));
                return $"there is a typing mistake in its groups {(2 * block) + 1} and {(2 * block) + 2}, {shown}";
            }
        }

        return null;
    }

    private static byte CheckOf(ReadOnlySpan<byte> data, int block)
    {
        int sum = 0;
        for (int at = data.Length - 1; at >= 0; at--)
        {
            sum = Twice(sum ^ data[at]);
        }

        return (byte)(sum ^ (block + 1));
    }

    /// <summary>Times 2 in the field.</summary>
    private static int Twice(int value) => (value << 1) ^ ((value & 0b10000) != 0 ? FieldPolynomial : 0);
}

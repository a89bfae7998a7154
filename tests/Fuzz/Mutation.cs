using System.Text;

namespace Deploy.Tests.Fuzz;

/// <summary>Makes an input of the good ones: a few changes to one of them. The same number makes the same input.</summary>
/// <param name="good">The good inputs, one at least.</param>
/// <param name="words">Words of the grammar.</param>
/// <param name="mostBytes">Bytes of an input at most.</param>
internal sealed class Mutation(IReadOnlyList<byte[]> good, IEnumerable<string> words, int mostBytes)
{
    private const int Kinds = 13;

    /// <summary>What has broken parsers before: ends of numbers, of lines and of texts, and what moves a terminal.</summary>
    private static readonly byte[][] Odd =
    [
        [0], [0x7F], [0x80], [0xFF], [0x1B], "\n"u8.ToArray(), "\r\n"u8.ToArray(), "\r"u8.ToArray(), "\t"u8.ToArray(), " "u8.ToArray(), "\""u8.ToArray(), "'"u8.ToArray(), "\\"u8.ToArray(),
        "%"u8.ToArray(), "%00"u8.ToArray(), "%s"u8.ToArray(), "/"u8.ToArray(), "../"u8.ToArray(), "-"u8.ToArray(), "--"u8.ToArray(), "="u8.ToArray(), ":"u8.ToArray(), ";"u8.ToArray(), ","u8.ToArray(),
        "#"u8.ToArray(), "["u8.ToArray(), "]"u8.ToArray(), "{"u8.ToArray(), "}"u8.ToArray(), "("u8.ToArray(), "*"u8.ToArray(), "0"u8.ToArray(), "-1"u8.ToArray(), "+1"u8.ToArray(), "00"u8.ToArray(),
        "2147483647"u8.ToArray(), "2147483648"u8.ToArray(), "4294967296"u8.ToArray(), "9223372036854775807"u8.ToArray(), "9223372036854775808"u8.ToArray(), "99999999999999999999999"u8.ToArray(),
        "1e309"u8.ToArray(), "NaN"u8.ToArray(), "null"u8.ToArray(), "true"u8.ToArray(), "\\u0000"u8.ToArray(), "\\ud800"u8.ToArray(), "\\x1b"u8.ToArray(), "\x1b[2J"u8.ToArray(), "\uFEFF"u8.ToArray(),
        "\u202E"u8.ToArray(), "\u009B"u8.ToArray(), "\u2028"u8.ToArray(), "\u00E9"u8.ToArray(), "\U0001F680"u8.ToArray(), [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80], [0, 0, 0, 0], [0xFF, 0xFF, 0xFF, 0xFF],
    ];

    private readonly byte[][] tokens = [.. words.Select(Encoding.UTF8.GetBytes), .. Odd];

    /// <summary>The input of this number.</summary>
    public byte[] Of(int seed, long number)
    {
        var random = new Random(HashOf(seed, number));
        var bytes = new List<byte>(Any(random));
        do
        {
            Change(bytes, random);
        }
        while (random.Next(3) > 0);
        return [.. bytes.Take(mostBytes)];
    }

    private void Change(List<byte> bytes, Random random)
    {
        int at = random.Next(bytes.Count + 1);
        int length = Math.Min(random.Next(4) == 0 ? random.Next(bytes.Count + 1) : random.Next(1, 9), bytes.Count - at);
        switch (random.Next(Kinds))
        {
            case 0 when at < bytes.Count:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1 when at < bytes.Count:
                bytes[at] = (byte)random.Next(256);
                break;
            case 2 or 3:
                bytes.InsertRange(at, Token(random));
                break;
            case 4:
                bytes.RemoveRange(at, length);
                break;
            case 5:
                bytes.InsertRange(at, bytes.GetRange(at, length));
                break;
            case 6 when random.Next(4) == 0:
                Repeat(bytes, at, length, random);
                break;
            case 7: // the beginning of this one, the end of another
                byte[] other = Any(random);
                bytes.RemoveRange(at, bytes.Count - at);
                bytes.AddRange(other.AsSpan(random.Next(other.Length + 1)));
                break;
            case 8:
                byte[] piece = Any(random);
                int from = random.Next(piece.Length + 1);
                bytes.InsertRange(at, piece.AsSpan(from, Math.Min(random.Next(64), piece.Length - from)).ToArray());
                break;
            case 9 when random.Next(3) == 0:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 10:
                bytes.RemoveRange(at, length);
                bytes.InsertRange(at, Token(random));
                break;
            case 11 when at < bytes.Count:
                bytes[at] += (byte)(random.Next(2) == 0 ? 1 : 255); // the next digit, the next letter
                break;
            case 12:
                var moved = bytes.GetRange(at, length);
                bytes.RemoveRange(at, length);
                bytes.InsertRange(random.Next(bytes.Count + 1), moved);
                break;
        }
    }

    private void Repeat(List<byte> bytes, int at, int length, Random random)
    {
        var run = bytes.GetRange(at, length);
        for (int times = 1 << random.Next(11); times > 0 && run.Count > 0 && bytes.Count < mostBytes; times--)
        {
            bytes.InsertRange(at, run);
        }
    }

    private byte[] Any(Random random) => good[random.Next(good.Count)];

    private byte[] Token(Random random) => tokens[random.Next(tokens.Length)];

    /// <summary>Numbers that follow each other give seeds that do not (splitmix64).</summary>
    private static int HashOf(int seed, long number)
    {
        ulong mixed = unchecked(((ulong)(uint)seed << 32) + ((ulong)number * 0x9E3779B97F4A7C15));
        mixed = unchecked((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9);
        mixed = unchecked((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB);
        return (int)(mixed ^ (mixed >> 31));
    }
}

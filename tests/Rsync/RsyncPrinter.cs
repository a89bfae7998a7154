using System.Text;
using Deploy.Model.Text;

namespace Deploy.Tests.Rsync;

/// <summary>Prints names as rsync's filtered_fwrite does (log.c), written from rsync's source and checked against a live rsync by LiveNameTests.</summary>
internal static class RsyncPrinter
{
    /// <summary>The name as rsync prints it in a UTF-8 locale.</summary>
    public static byte[] Print(ReadOnlySpan<byte> name)
    {
        var printed = new List<byte>();
        while (!name.IsEmpty)
        {
            bool valid = Rune.DecodeFromUtf8(name, out _, out int length) == System.Buffers.OperationStatus.Done;
            bool literal = name.Length > 4 && name[0] == '\\' && name[1] == '#' && char.IsAsciiDigit((char)name[2]) && char.IsAsciiDigit((char)name[3]) && char.IsAsciiDigit((char)name[4]);
            if (!valid || literal || (name[0] < ' ' && name[0] != '\t'))
            {
                printed.AddRange(Encoding.ASCII.GetBytes($"\\#{Convert.ToString(name[0], 8).PadLeft(3, '0')}"));
                name = name[1..];
            }
            else
            {
                printed.AddRange(name[..length]);
                name = name[length..];
            }
        }

        return [.. printed];
    }

    /// <summary>A random name of hostile parts: no slash, no NUL, neither . nor .., 1 to 200 bytes.</summary>
    public static byte[] HostileName(Random random)
    {
        string[] parts =
        [
            "\n", "\r", "\u001b[31m", " -> ", " => ", "Number of files: 3", "*deleting   x", "-", "\\#012", "\\#", "\\", "#", "7", "\\#9999", "\\#134#012",
            "\u00e9", "\ud55c\uae00", "\u202e", "\u0085", "\u2028", "\t", "\u007f", " ", "'", "\"", "$(id)", "created directory ", ">f+++++++++ 1 ", "sent 1 bytes",
            "   1,000  99%  1.2MB/s    0:00:00 (xfr#1, to-chk=0/1)", "a", "b", "%n", "\ud83d\ude00",
        ];
        var name = new List<byte>();
        int count = random.Next(1, 7);
        for (int i = 0; i < count; i++)
        {
            if (random.Next(4) == 0)
            {
                byte[] raw = new byte[random.Next(1, 4)];
                random.NextBytes(raw);
                name.AddRange(raw.Select(b => b is 0 or (byte)'/' ? (byte)0xff : b));
            }
            else
            {
                name.AddRange(ByteText.ToBytes(parts[random.Next(parts.Length)]));
            }
        }

        return name is [(byte)'.'] or [(byte)'.', (byte)'.'] ? "dot"u8.ToArray() : [.. name.Take(200)];
    }
}

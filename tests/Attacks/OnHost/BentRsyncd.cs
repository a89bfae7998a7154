using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Deploy.Tests.Fixtures;

namespace Deploy.Tests.Attacks.OnHost;

/// <summary>
/// What an rsync daemon says, byte by byte, by rsync's protocol 31 (io.c, flist.c): greeting and consent as lines; then compatibility flags and checksum seed; then frames of
/// a 4-byte header (tag plus 7, length) that carry the file list or messages. A client answers nothing that has to be read before it listens, so all of it can be sent at once.
/// </summary>
internal static class BentRsyncd
{
    public const uint File = 0x8000 | 0x1A4; // 0644
    public const uint Folder = 0x4000 | 0x1ED; // 0755
    public const uint CharDevice = 0x2000 | 0x1B6;
    public const uint BlockDevice = 0x6000 | 0x1B6;
    public const uint Fifo = 0x1000 | 0x1B6;
    public const uint Socket = 0xC000 | 0x1B6;
    public const uint Link = 0xA000 | 0x1FF;

    /// <summary>Tags of frames. io.h</summary>
    public const int Data = 0, ErrorTransfer = 1, Info = 2, Error = 3, Warning = 4;

    private const byte TopFolder = 1 << 0, SameUser = 1 << 3, SameGroup = 1 << 4, LongName = 1 << 6;

    /// <summary>The first line.</summary>
    public static byte[] Greeting { get; } = "@RSYNCD: 31.0\n"u8.ToArray();

    /// <summary>All lines, then no incremental lists (CF_SAFE_FLIST and CF_CHKSUM_SEED_FIX alone) and a seed.</summary>
    public static byte[] Begun { get; } = [.. Greeting, .. "@RSYNCD: OK\n"u8, 0x28, 1, 2, 3, 4];

    /// <summary>A frame.</summary>
    public static byte[] Frame(int tag, params byte[][] parts)
    {
        byte[] bytes = [.. parts.SelectMany(part => part)];
        byte[] header = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(header, ((uint)(7 + tag) << 24) | (uint)bytes.Length);
        return [.. header, .. bytes];
    }

    /// <summary>An entry of the file list, of a time in 1970 and of the same owner as all others.</summary>
    /// <param name="name">As it would be written; Latin-1.</param>
    /// <param name="mode">Its kind and mode.</param>
    /// <param name="size">Bytes, below 65,536.</param>
    /// <param name="link">Where a link leads.</param>
    public static byte[] Entry(string name, uint mode = File, int size = 0, string link = "")
    {
        byte[] bytes = Encoding.Latin1.GetBytes(name);
        byte[] target = Encoding.Latin1.GetBytes(link);
        byte[] modes = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(modes, mode);
        return
        [
            (byte)(SameUser | SameGroup | LongName | (name == "." ? TopFolder : 0)), .. Number(bytes.Length), .. bytes,
            0, (byte)size, (byte)(size >> 8), // length
            0, 1, 0, 0, // time
            .. modes,
            .. mode == Link ? [.. Number(target.Length), .. target] : Array.Empty<byte>(),
        ];
    }

    /// <summary>A whole list: these entries below a directory, the end, and no names of users and groups.</summary>
    public static byte[] List(params byte[][] entries) => Frame(Data, [Entry(".", Folder), .. entries, [0, 0, 0]]);

    /// <summary>What a sender says when nothing is wanted of it: that each phase is over, five statistics, and goodbye (main.c, read_final_goodbye); all zeros.</summary>
    public static byte[] Over { get; } = Frame(Data, new byte[3 + (5 * 3) + 1]);

    /// <summary>That an entry, neither asked for nor sent, was made (ITEM_IS_NEW and ITEM_LOCAL_CHANGE): a client tells of folders and links only what its origin tells it.</summary>
    /// <param name="at">Its place in the sorted list, the directory itself is 0.</param>
    public static byte[] Made(int at) => Frame(Data, [(byte)(at + 1), 0, 0x60]);

    /// <summary>A whole file, sent for an entry of the list whether it was asked for or not.</summary>
    /// <param name="at">Its place in the sorted list, the directory itself is 0.</param>
    /// <param name="content">What it holds.</param>
    public static byte[] Sent(int at, string content)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(content);
        byte[] length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
#pragma warning disable CA5351 // rsync's own sum of protocol 31.
        return Frame(Data, [(byte)(at + 1), 0, 0x80, .. new byte[16], .. length, .. bytes, 0, 0, 0, 0, .. MD5.HashData(bytes)]);
#pragma warning restore CA5351
    }

    /// <summary>Plays it to the end: until the client has closed, or says that it gives up and waits for us to close (MSG_ERROR_EXIT).</summary>
    public static async Task PlayAsync(ScriptedServer.Peer peer, byte[] said)
    {
        await peer.SendAsync((byte[])[.. Begun, .. said]);
        var heard = new List<byte>();
        while (await peer.ReceiveAsync() is { IsEmpty: false } more)
        {
            heard.AddRange(more.Span);
            if (CollectionsMarshal.AsSpan(heard).IndexOf((ReadOnlySpan<byte>)[0, 0, 7 + 86]) >= 0)
            {
                return;
            }
        }
    }

    /// <summary>write_varint of numbers below 4,194,304. io.c</summary>
    private static byte[] Number(int number) => number switch
    {
        < 0x80 => [(byte)number],
        < 0x4000 => [(byte)(0x80 | (number >> 8)), (byte)number],
        _ => [(byte)(0xC0 | (number >> 16)), (byte)number, (byte)(number >> 8)],
    };
}

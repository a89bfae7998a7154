using System.Security.Cryptography;

namespace Deploy.Security.Audit;

/// <summary>Where the chain of an audit log ends.</summary>
/// <param name="Seq">The last record's number; 0 for none.</param>
/// <param name="Hash">Its hash.</param>
internal sealed record AuditEnd(long Seq, string Hash)
{
    public static readonly AuditEnd None = new(0, AuditLine.NoHash);
}

/// <summary>Finds the last record of a file, and what stands behind it.</summary>
internal static class AuditTail
{
    private const int FirstLook = 64 * 1024; // bytes from the end: nearly always enough
    private const int LongestLook = 64 * 1024 * 1024; // four full files: what has no record in so much is none of ours

    /// <summary>The end of the chain, and what stands behind it in this file, null for nothing.</summary>
    /// <param name="file">Open.</param>
    /// <param name="length">Its bytes.</param>
    /// <param name="before">The end of the chain in the files before it; asked where this one has no record.</param>
    public static (AuditEnd End, AuditTorn? Torn) Find(Microsoft.Win32.SafeHandles.SafeFileHandle file, long length, Func<AuditEnd> before)
    {
        for (long look = FirstLook; ; look *= 8)
        {
            long from = Math.Max(0, length - Math.Min(look, LongestLook));
            byte[] bytes = new byte[length - from];
            int read = 0;
            for (int got; read < bytes.Length && (got = RandomAccess.Read(file, bytes.AsSpan(read), from + read)) > 0; read += got)
            {
            }

            var (end, behind) = LastRecord(bytes.AsSpan(0, read));
            if (end is not null || from == 0 || look >= LongestLook)
            {
                var rest = bytes.AsSpan(behind, read - behind);
                end ??= before();
                return WithoutBreak(rest, end) is { } last ? (last, AuditTorn.BreakAlone) : (end, TornOf(rest));
            }
        }
    }

    /// <summary>The last record, and where it ends; 0 where there is none.</summary>
    private static (AuditEnd? End, int Behind) LastRecord(ReadOnlySpan<byte> bytes)
    {
        for (int behind = bytes.LastIndexOf((byte)'\n') + 1; behind > 0;)
        {
            int begin = bytes[..(behind - 1)].LastIndexOf((byte)'\n') + 1;
            if (AuditLine.TryRead(bytes[begin..behind], out var record))
            {
                return (new AuditEnd(record.Seq, AuditLine.HashOf(bytes[begin..behind])), behind);
            }

            behind = begin;
        }

        return (null, 0);
    }

    /// <summary>The record that stands last and lacks its line feed alone; null where there is none. It is one where it goes on with the chain: what is torn does not.</summary>
    private static AuditEnd? WithoutBreak(ReadOnlySpan<byte> rest, AuditEnd end)
    {
        byte[] line = [.. rest[(rest.LastIndexOf((byte)'\n') + 1)..], (byte)'\n'];
        return AuditLine.TryRead(line, out var record) && record.Seq == end.Seq + 1 && record.Prev == end.Hash ? new AuditEnd(record.Seq, AuditLine.HashOf(line)) : null;
    }

    private static AuditTorn? TornOf(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return null;
        }

        bool lacksBreak = bytes[^1] != (byte)'\n';
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(bytes);
        if (lacksBreak)
        {
            hash.AppendData("\n"u8);
        }

        return new AuditTorn(bytes.Length + (lacksBreak ? 1 : 0), Convert.ToHexStringLower(hash.GetHashAndReset()), lacksBreak) { HasLines = bytes.Contains((byte)'\n') };
    }
}

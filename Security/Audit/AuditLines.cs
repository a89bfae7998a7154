namespace Deploy.Security.Audit;

/// <summary>Splits a file into its lines, whatever is in it: what is longer than a record may be comes in pieces.</summary>
internal static class AuditLines
{
    private const int PieceBytes = 64 * 1024;

    /// <summary>The lines in their order, each with its line feed where it has one; valid until the next is asked for.</summary>
    public static IEnumerable<ReadOnlyMemory<byte>> Of(Stream file)
    {
        byte[] bytes = new byte[AuditLine.MaxBytes + PieceBytes];
        int begin = 0, end = 0;
        while (true)
        {
            int at = bytes.AsSpan(begin, end - begin).IndexOf((byte)'\n');
            if (at >= 0)
            {
                yield return bytes.AsMemory(begin, at + 1);
                begin += at + 1;
                continue;
            }

            if (end - begin > AuditLine.MaxBytes)
            {
                yield return bytes.AsMemory(begin, end - begin);
                begin = end;
            }

            bytes.AsSpan(begin, end - begin).CopyTo(bytes);
            (begin, end) = (0, end - begin);
            int got = file.Read(bytes, end, bytes.Length - end);
            if (got == 0)
            {
                if (end > 0)
                {
                    yield return bytes.AsMemory(0, end);
                }

                yield break;
            }

            end += got;
        }
    }
}

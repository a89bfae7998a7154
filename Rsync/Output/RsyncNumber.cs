namespace Deploy.Rsync.Output;

/// <summary>Numbers as rsync prints them, with the separators of whatever locale between the digits.</summary>
internal static class RsyncNumber
{
    /// <summary>
    /// The number at the beginning of the text, up to what is neither digit nor separator: <c>19,927,117 bytes</c> is 19927117. False for
    /// no digit, for more than a long holds, and for a rounded number (<c>19.93M</c>), whose digits mean something else.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> text, out long value)
    {
        value = 0;
        int i = 0;
        bool any = false;
        for (; i < text.Length; i++)
        {
            byte c = text[i];
            if (c is >= (byte)'0' and <= (byte)'9')
            {
                if (value > (long.MaxValue - 9) / 10)
                {
                    return false;
                }

                value = (value * 10) + (c - '0');
                any = true;
            }
            else if (!any || !IsSeparator(text, i))
            {
                break;
            }
        }

        return any && (i == text.Length || text[i] is not ((byte)'K' or (byte)'M' or (byte)'G' or (byte)'T' or (byte)'P'));
    }

    /// <summary>A comma, point, apostrophe, blank or part of a non-ASCII blank, with a digit after it.</summary>
    private static bool IsSeparator(ReadOnlySpan<byte> text, int at)
    {
        while (at < text.Length && text[at] >= 0x80)
        {
            at++;
        }

        return at + 1 < text.Length && text[at] is (byte)',' or (byte)'.' or (byte)'\'' or (byte)' '
            ? text[at + 1] is >= (byte)'0' and <= (byte)'9'
            : at < text.Length && text[at] is >= (byte)'0' and <= (byte)'9';
    }
}

using System.Text;

namespace Deploy.Protocol;

/// <summary>Names in legacy JSON.</summary>
internal static class LegacyText
{
    /// <summary>ByteText whose raw bytes are written as rsync writes them, <c>\#ooo</c> in octal, so that it is valid Unicode (docs: legacy.md).</summary>
    public static string WithoutRawBytes(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF'))
        {
            return text;
        }

        var safe = new StringBuilder(text.Length + 16);
        for (int i = 0; i < text.Length; i++)
        {
            char one = text[i];
            if (char.IsHighSurrogate(one) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                safe.Append(one).Append(text[++i]);
            }
            else if (one is >= '\uDC80' and <= '\uDCFF')
            {
                int raw = one - '\uDC00';
                safe.Append("\\#").Append((char)('0' + (raw >> 6))).Append((char)('0' + ((raw >> 3) & 7))).Append((char)('0' + (raw & 7)));
            }
            else
            {
                safe.Append(char.IsSurrogate(one) ? '\uFFFD' : one);
            }
        }

        return safe.ToString();
    }
}

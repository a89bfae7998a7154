using System.Globalization;
using System.Text;

namespace Deploy.Modes.Client;

/// <summary>Remote text made safe for one line of a terminal; stands in for Model.Text.SafeText until that is there.</summary>
internal static class Safe
{
    public static string Line(string text)
    {
        var safe = new StringBuilder(text.Length);
        foreach (char one in text)
        {
            if (char.IsControl(one) || char.IsSurrogate(one) || char.GetUnicodeCategory(one) is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
            {
                safe.Append(CultureInfo.InvariantCulture, $"\\u{(int)one:x4}");
            }
            else
            {
                safe.Append(one);
            }
        }

        return safe.ToString();
    }
}

using System.Globalization;
using System.Text;
using Deploy.Model.Text;

namespace Deploy.Tui.Wishes;

/// <summary>Words as a shell reads them back: what is shown and copied is the line that does the same.</summary>
internal static class ShellQuote
{
    private const string Plain = "_./:=@%+,-"; // beside letters and digits: nothing that a POSIX shell looks at

    /// <summary>A word, in quotes where it needs them. What would move a terminal, or hide, stands as <c>$'\xHH'</c> (POSIX 2024, XCU 2.2.4): the line shows all of it.</summary>
    public static string Of(string word) =>
        word.Length > 0 && word.All(letter => char.IsAsciiLetterOrDigit(letter) || Plain.Contains(letter)) ? word
        : SafeText.Of(word) == word ? "'" + word.Replace("'", @"'\''", StringComparison.Ordinal) + "'"
        : "$'" + Escaped(word) + "'";

    /// <summary>The words of a line, with a blank between.</summary>
    public static string Line(IEnumerable<string> words) => string.Join(' ', words.Select(Of));

    private static string Escaped(string word)
    {
        var text = new StringBuilder();
        foreach (byte one in ByteText.ToBytes(word))
        {
            text.Append(one is (byte)'\'' or (byte)'\\' ? $"\\{(char)one}" : one is >= 0x20 and < 0x7F ? ((char)one).ToString() : string.Create(CultureInfo.InvariantCulture, $"\\x{one:x2}"));
        }

        return text.ToString();
    }
}

using System.Globalization;
using Deploy.Model.Text;

namespace Deploy.Tui.Screen;

/// <summary>Makes one line of a picture, from the left: text of any origin becomes safe to print here, and nothing goes over the width.</summary>
/// <param name="columns">The width.</param>
internal sealed class LineMaker(int columns)
{
    /// <summary>Of a text that is far longer than any terminal is wide no more than this is looked at.</summary>
    private const int LettersLookedAt = 4096;

    private readonly List<Span> spans = [];

    /// <summary>Columns so far.</summary>
    public int Used { get; private set; }

    /// <summary>Columns that are left.</summary>
    public int Left => columns - Used;

    /// <summary>Puts text behind, cut where the line ends.</summary>
    public LineMaker Add(string text, Role role = Role.Plain)
    {
        string cut = TextColumns.Cut(Safe(text), Left);
        if (cut.Length > 0)
        {
            spans.Add(new Span(cut, role));
            Used += TextColumns.Of(cut);
        }

        return this;
    }

    /// <summary>Puts text behind in so many columns exactly: cut, or filled with blanks.</summary>
    /// <param name="text">Any.</param>
    /// <param name="width">Columns.</param>
    /// <param name="role">Its role.</param>
    /// <param name="toTheRight">Blanks in front, as numbers stand.</param>
    public LineMaker Cell(string text, int width, Role role = Role.Plain, bool toTheRight = false)
    {
        string cut = TextColumns.Cut(Safe(text), Math.Min(width, Left));
        string blanks = new(' ', Math.Max(0, Math.Min(width, Left) - TextColumns.Of(cut)));
        return Add(toTheRight ? blanks + cut : cut + blanks, role);
    }

    /// <summary>A number in so many columns.</summary>
    public LineMaker Number(long number, int width, Role role = Role.Plain) => Cell(number.ToString(CultureInfo.InvariantCulture), width, role, toTheRight: true);

    /// <summary>Blanks up to a column, counted from 0; nothing where it is passed.</summary>
    public LineMaker To(int column) => column > Used ? Add(new string(' ', Math.Min(column, columns) - Used)) : this;

    /// <summary>Blanks, so that text of this width ends at the right edge.</summary>
    public LineMaker ToEnd(int width) => To(columns - width);

    /// <summary>The line.</summary>
    public Line Make() => new(spans.ToArray());

    /// <summary>The line, every piece of it in one role and filled up to the width: the row under the cursor.</summary>
    public Line Make(Role all)
    {
        To(columns);
        return new([.. spans.Select(span => span with { Role = all })]);
    }

    private static string Safe(string text) => SafeText.Of(text.Length > LettersLookedAt ? text[..LettersLookedAt] : text);
}

namespace Deploy.Model.Text;

/// <summary>What <see cref="ShellWords.Split"/> made of a line.</summary>
internal abstract record ShellLine
{
    private ShellLine()
    {
    }

    /// <summary>The words, and what on the line only a real shell would do: the first of each kind, in the order of the line.</summary>
    internal sealed record Split(IReadOnlyList<ShellWord> Words, IReadOnlyList<ShellNeed> Needs) : ShellLine
    {
        /// <summary>The first thing that needs a shell; null when the words say all of the line.</summary>
        public ShellNeed? NeedsShell => Needs is [var first, ..] ? first : null;
    }

    /// <summary>A quote that opens at <paramref name="Column"/> (1-based) and never closes.</summary>
    internal sealed record Unterminated(int Column, char Quote) : ShellLine;
}

/// <summary>One word after quotes and backslashes are gone.</summary>
/// <param name="Column">Where it begins on the line, its quote included; 1-based, in UTF-16 units.</param>
/// <param name="Characters">Its characters; none for <c>''</c>.</param>
/// <param name="HasQuotes">Whether a quotation mark stood in it, which makes it a word even when nothing is left of it.</param>
internal sealed record ShellWord(int Column, IReadOnlyList<ShellCharacter> Characters, bool HasQuotes)
{
    /// <summary>The word as a program would get it.</summary>
    public string Text { get; } = string.Concat(Characters.Select(character => character.Value));
}

/// <summary>One character of a word, and how it stood on the line.</summary>
/// <param name="Value">The UTF-16 unit.</param>
/// <param name="Column">Where it stands, its backslash not counted; 1-based.</param>
/// <param name="Quoting">What protects it from the shell.</param>
internal readonly record struct ShellCharacter(char Value, int Column, ShellQuoting Quoting);

/// <summary>What protects a character.</summary>
internal enum ShellQuoting
{
    None,
    Backslash,
    Single,
    Double,
}

/// <summary>The kind of thing that only a shell does.</summary>
internal enum ShellNeedKind
{
    /// <summary><c>; &amp; | &lt; &gt; ( )</c> and a line break: more than one command, or a redirection.</summary>
    Operator,

    /// <summary><c>$</c> and the backquote, also between double quotes.</summary>
    Expansion,

    /// <summary><c>*</c>, <c>?</c> and bracket lists: names of files; a shell leaves them as they are where nothing matches.</summary>
    Glob,

    /// <summary><c>~</c> at the start of a word: a home directory.</summary>
    Tilde,

    /// <summary><c>#</c> at the start of a word: the rest is a comment.</summary>
    Comment,

    /// <summary>The first word is <c>NAME=value</c>.</summary>
    Assignment,

    /// <summary>The first word is a word of the shell's own, no program.</summary>
    Builtin,
}

/// <summary>A thing on a line that needs a shell.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="What">The character or word itself, as it stands on the line; not made safe to print.</param>
/// <param name="Column">Where; 1-based.</param>
internal sealed record ShellNeed(ShellNeedKind Kind, string What, int Column);

namespace Deploy.Model.Text;

/// <summary>
/// Splits a line into words as a POSIX shell does (XCU 2.2, 2.3), without running or expanding anything, and says what on it would have needed a shell.
/// </summary>
/// <remarks>
/// Blanks (space, tab) part words. Between single quotes everything is itself; between double quotes a backslash quotes only <c>$ ` " \</c> and a line break;
/// outside it quotes the next character; backslash and line break vanish; a backslash at the very end stays. <c>''</c> is an empty word. Comments are no comments.
/// <c>{a,b}</c> is literal, as in sh.
/// </remarks>
internal static class ShellWords
{
    /// <summary>The words of this line and what needs a shell, or the quote that never closes. Never throws; linear in the length.</summary>
    public static ShellLine Split(string line) => new Splitter(line).Run();

    private sealed class Splitter(string line)
    {
        private readonly List<ShellWord> words = [];
        private List<ShellCharacter>? word;
        private int wordColumn;
        private bool wordHasQuotes;

        // Index in the word of its last unquoted '[', -1 for none.
        private int openBracket = -1;
        private readonly List<ShellNeed> needs = [];

        public ShellLine Run()
        {
            int at = 0;
            while (at < line.Length)
            {
                char c = line[at];
                switch (c)
                {
                    case ' ' or '\t':
                        EndWord();
                        at++;
                        break;
                    case '\n':
                        NeedsShell(ShellNeedKind.Operator, at);
                        EndWord();
                        at++;
                        break;
                    case '\'' or '"':
                        wordHasQuotes = true;
                        int end = c == '\'' ? SingleQuoted(at) : DoubleQuoted(at);
                        if (end < 0)
                        {
                            return new ShellLine.Unterminated(at + 1, c);
                        }

                        at = end;
                        break;
                    case '\\' when at + 1 < line.Length:
                        if (line[at + 1] != '\n')
                        {
                            Add(at, at + 1, ShellQuoting.Backslash);
                        }

                        at += 2;
                        break;
                    default:
                        Notice(c, at);
                        Add(at, at, ShellQuoting.None);
                        at++;
                        break;
                }
            }

            EndWord();
            if (words is [var first, ..] && FirstWordNeed(first) is { } need)
            {
                needs.Insert(needs.Count(other => other.Column < need.Column), need);
            }

            return new ShellLine.Split(words, needs);
        }

        private int SingleQuoted(int open)
        {
            Begin(open);
            int close = line.IndexOf('\'', open + 1);
            for (int at = open + 1; at < close; at++)
            {
                Add(open, at, ShellQuoting.Single);
            }

            return close < 0 ? -1 : close + 1;
        }

        private int DoubleQuoted(int open)
        {
            Begin(open);
            int at = open + 1;
            while (at < line.Length && line[at] != '"')
            {
                char next = at + 1 < line.Length ? line[at + 1] : '\0';
                if (line[at] == '\\' && next is '$' or '`' or '"' or '\\')
                {
                    at++;
                }
                else if (line[at] == '\\' && next == '\n')
                {
                    at += 2;
                    continue;
                }
                else if (line[at] is '$' or '`')
                {
                    NeedsShell(ShellNeedKind.Expansion, at);
                }

                Add(open, at, ShellQuoting.Double);
                at++;
            }

            return at < line.Length ? at + 1 : -1;
        }

        /// <summary>Notes what an unquoted character would have meant to a shell.</summary>
        private void Notice(char c, int at)
        {
            switch (c)
            {
                case ';' or '&' or '|' or '<' or '>' or '(' or ')':
                    NeedsShell(ShellNeedKind.Operator, at);
                    break;
                case '$' or '`':
                    NeedsShell(ShellNeedKind.Expansion, at);
                    break;
                case '*' or '?':
                    NeedsShell(ShellNeedKind.Glob, at);
                    break;
                case '~' when word is null:
                    NeedsShell(ShellNeedKind.Tilde, at);
                    break;
                case '#' when word is null:
                    NeedsShell(ShellNeedKind.Comment, at);
                    break;
                case '[':
                    openBracket = word?.Count ?? 0;
                    break;
                case ']' when ClosesBracketList():
                    NeedsShell(ShellNeedKind.Glob, at);
                    break;
                default:
                    break;
            }
        }

        /// <summary>
        /// True when an unquoted <c>[</c> before in this word makes this <c>]</c> the end of a list of characters. <c>[]</c> is none, and <c>[%s]</c> is
        /// taken literally: jobs of the original print their arguments between brackets.
        /// </summary>
        private bool ClosesBracketList()
        {
            int length = openBracket < 0 ? 0 : word!.Count - openBracket - 1;
            return length > 0 && !(length == 2 && word![openBracket + 1].Value == '%' && word[openBracket + 2].Value == 's');
        }

        private static ShellNeed? FirstWordNeed(ShellWord first)
        {
            int equals = first.Text.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0
                && IsName(first.Text.AsSpan(0, equals))
                && first.Characters.Take(equals + 1).All(character => character.Quoting == ShellQuoting.None))
            {
                return new ShellNeed(ShellNeedKind.Assignment, first.Text[..(equals + 1)], first.Column);
            }

            return ShellBuiltins.Contains(first.Text) ? new ShellNeed(ShellNeedKind.Builtin, first.Text, first.Column) : null;
        }

        private static bool IsName(ReadOnlySpan<char> text)
        {
            foreach (char c in text)
            {
                if (!char.IsAsciiLetterOrDigit(c) && c != '_')
                {
                    return false;
                }
            }

            return !char.IsAsciiDigit(text[0]);
        }

        private void NeedsShell(ShellNeedKind kind, int at)
        {
            if (!needs.Exists(need => need.Kind == kind))
            {
                needs.Add(new ShellNeed(kind, line[at].ToString(), at + 1));
            }
        }

        private void Begin(int at)
        {
            if (word is null)
            {
                word = [];
                wordColumn = at + 1;
            }
        }

        private void Add(int begin, int at, ShellQuoting quoting)
        {
            Begin(begin);
            word!.Add(new ShellCharacter(line[at], at + 1, quoting));
        }

        private void EndWord()
        {
            if (word is not null)
            {
                words.Add(new ShellWord(wordColumn, word, wordHasQuotes));
                word = null;
                openBracket = -1;
                wordHasQuotes = false;
            }
        }
    }
}

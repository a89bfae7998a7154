using System.Text;
using Deploy.Model.Text;

namespace Deploy.Model.Hosts;

/// <summary>Reads the text of a <see cref="HostExpression"/>, once, from left to right; stops at the first mistake.</summary>
/// <remarks>
/// <code>
/// expression  = [term] *("," [term])              blanks around terms do not count, nor do empty terms
/// term        = ["!" / "&amp;"] (pattern / reference)
/// reference   = "@" NAME  /  "@job:" ID "." STATE            the states of hosts, or "bad": has ended and is not well
/// pattern     = name [":" PORT]  /  "[" IPv6 "]" [":" PORT]  /  IPv6
/// name        = 1*(letter / bracket)              letter: A-Z a-z 0-9 . - _    no "-" in front
/// bracket     = "[" range *("," range) "]"        a comma in it parts no terms
/// range       = DIGITS ["-" DIGITS]
/// </code>
/// Terms are taken from left to right, none binds closer: <c>a</c> adds, <c>!a</c> removes from what stands so far, <c>&amp;a</c> keeps of it what is also in a;
/// so the first term has no sign.
/// A port stands only where hosts are to be asked, and only behind those that are added: a host is left out, or kept, at every port.
/// <para>Zeros in front are kept: <c>[01-20]</c> is 01 to 20, <c>[1-20]</c> is 1 to 20, <c>[08-12]</c> is 08, 09, 10, 11, 12. Where an end has some, both ends are of one width. A range
/// goes up; a step (<c>/2</c>) is not part of it. A bracket part that starts a pattern and holds a colon is an IPv6 address. Two hosts are equal whatever their case (RFC 4343) and
/// print as they were first written.</para>
/// Limits (<see cref="Limits"/>): text 256 KiB, name 253, bracket parts 4 a name, digits 9 a number, hosts 100,000, counted before they are named.
/// The field's convention is that of pdsh's hostlists and ClusterShell's node sets (clustershell.readthedocs.io); there a sign stands in the place of the comma, <c>^</c> and steps exist.
/// </remarks>
internal sealed partial class HostReader(string text, bool ports)
{
    private const int Quoted = 40; // units of the text that a message repeats: half a line

    private readonly List<HostTerm> terms = [];
    private int at;

    /// <summary>Why <see cref="Read"/> gave nothing; null before, and where it gave something.</summary>
    public HostMistake? Mistake { get; private set; }

    /// <summary>The terms of the whole text, or null and a <see cref="Mistake"/>.</summary>
    public IReadOnlyList<HostTerm>? Read()
    {
        if (text.Length > Limits.HostTextBytes)
        {
            return Fail<List<HostTerm>>(Limits.HostTextBytes, $"longer than {Limits.HostTextBytes / 1024} KiB", "fold names into ranges, e.g. web-[001-400]");
        }

        while (SkipTo(blanksAndCommas: true))
        {
            if (ReadTerm() is not { } term)
            {
                return null;
            }

            terms.Add(term);
            if (SkipTo(blanksAndCommas: false) && text[at] != ',')
            {
                return Fail<List<HostTerm>>(at, $"{Quote(at)} follows without a comma", "hosts are parted by commas, e.g. web-01,web-02");
            }
        }

        return terms;
    }

    private HostTerm? ReadTerm()
    {
        int start = at;
        var sign = text[at] switch { '!' => HostSign.LeaveOut, '&' => HostSign.Keep, _ => HostSign.Add };
        if (sign != HostSign.Add)
        {
            at++;
            if (!SkipTo(blanksAndCommas: false) || text[at] == ',')
            {
                return Fail<HostTerm>(start, $"'{text[start]}' stands alone", $"a host or a group follows it, e.g. {text[start]}web-07");
            }

            if (terms.Count == 0)
            {
                return Fail<HostTerm>(start, $"'{text[start]}' comes first: there is nothing to {(sign == HostSign.Keep ? "keep" : "leave out")} from", $"hosts stand before it, e.g. web-[01-20],{text[start]}web-07");
            }
        }

        if (text[at] == '@')
        {
            return ReadReference() is { } reference ? new HostTerm(sign, start, null, reference) : null;
        }

        return ReadPattern(sign) is { } pattern ? new HostTerm(sign, start, pattern, null) : null;
    }

    private HostReference? ReadReference()
    {
        int name = at + 1;
        int end = name;
        while (end < text.Length && HostName.IsLetter(text[end]))
        {
            end++;
        }

        if (end < text.Length && text[end] == ':')
        {
            return text[name..end] == "job"
                ? ReadJob(end + 1)
                : Fail<HostReference>(end, "':' in the name of a group", "a group is @NAME, hosts of a job are @job:ID.STATE");
        }

        if (end == name)
        {
            return Fail<HostReference>(at, "'@' without a name", "the name of a group follows it, e.g. @web");
        }

        at = end;
        return new GroupReference(text[name..end]);
    }

    private JobReference? ReadJob(int start)
    {
        int end = start;
        while (end < text.Length && HostName.IsLetter(text[end]))
        {
            end++;
        }

        int dot = text.IndexOf('.', start, end - start);
        if (!JobId.TryParse(text.AsSpan(start, (dot < 0 ? end : dot) - start), out var job))
        {
            return Fail<JobReference>(start, "no id of a job", "it has 26 letters and digits, e.g. @job:01JZ8Q5X3T4V6W7Y8Z9A0B1C2D.failed");
        }

        string word = dot < 0 ? string.Empty : text[(dot + 1)..end];
        if (!HostStates.TryParse(word, out var state) && word != JobReference.Bad)
        {
            return Fail<JobReference>(dot < 0 ? end : dot + 1, "no state of hosts behind the job", $"one of .{string.Join(", .", Enum.GetValues<HostState>().Select(known => known.Word()))}, or .{JobReference.Bad}");
        }

        at = end;
        return new JobReference(job, word == JobReference.Bad ? null : state);
    }

    /// <summary>Moves to what is no blank, and on demand no comma; false at the end of the text.</summary>
    private bool SkipTo(bool blanksAndCommas)
    {
        while (at < text.Length && (IsBlank(text[at]) || (blanksAndCommas && text[at] == ',')))
        {
            at++;
        }

        return at < text.Length;
    }

    private static bool IsBlank(char letter) => letter is ' ' or '\t' or '\r' or '\n';

    /// <summary>One character of the text, in quotes and safe to print; a pair of surrogates is one.</summary>
    private string Quote(int place) => Quote(place, place + (Rune.TryGetRuneAt(text, place, out var rune) ? rune.Utf16SequenceLength : 1));

    private string Quote(int from, int to) => $"'{SafeText.Of(text[from..to], Quoted)}'";

    private T? Fail<T>(int offset, string what, string expected)
        where T : class
    {
        Mistake = new HostMistake(offset, what, expected);
        return null;
    }
}

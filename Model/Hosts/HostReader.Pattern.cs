using System.Globalization;

namespace Deploy.Model.Hosts;

/// <content>Names with bracket parts, addresses and ports.</content>
internal sealed partial class HostReader
{
    private HostPattern? ReadPattern(HostSign sign)
    {
        int start = at;
        int scheme = start;
        while (scheme < text.Length && char.IsAsciiLetter(text[scheme]))
        {
            scheme++;
        }

        if (scheme > start && text.AsSpan(scheme).StartsWith("://", StringComparison.Ordinal))
        {
            return Fail<HostPattern>(start, $"{Quote(start, scheme + 3)} in front of a host", "it is named without: NAME or NAME:PORT, e.g. web-01:3440");
        }

        if (FindEnd() is not { } end)
        {
            return null;
        }

        at = end;
        int close = text[start] == '[' ? text.IndexOf(']', start, end - start) : -1;
        if (close > 0 && text.AsSpan(start, close - start).Contains(':'))
        {
            return ReadBracketedAddress(sign, start, close, end);
        }

        if (IsAddress(start, end))
        {
            return HostName.IsIPv6(text[start..end]) ? new HostPattern([text[start..end]], []) : NoAddress(start, end);
        }

        return ReadName(sign, start, end);
    }

    private HostPattern? ReadBracketedAddress(HostSign sign, int start, int close, int end)
    {
        int behind = close + 1;
        if (!HostName.IsIPv6(text[(start + 1)..close]))
        {
            return NoAddress(start, behind);
        }

        if (behind < end && text[behind] != ':')
        {
            return Fail<HostPattern>(behind, $"{Quote(behind)} behind an address in brackets", "a port or nothing follows it, e.g. [::1]:3440");
        }

        return behind == end || ReadPort(sign, behind, end) ? new HostPattern([text[start..end]], []) : null;
    }

    private HostPattern? ReadName(HostSign sign, int start, int end)
    {
        var literals = new List<string>();
        var brackets = new List<HostBracket>();
        int literal = start, place = start, length = 0;
        for (; place < end && text[place] != ':'; place++)
        {
            if (text[place] == '[')
            {
                if (ReadBracket(place, brackets.Count) is not { } bracket)
                {
                    return null;
                }

                literals.Add(text[literal..place]);
                brackets.Add(bracket);
                length += place - literal + bracket.Digits;
                place = text.IndexOf(']', place);
                literal = place + 1;
            }
            else if (!HostName.IsLetter(text[place]))
            {
                return NoLetter(place);
            }
        }

        length += place - literal;
        if (length is 0 or > Limits.HostNameLetters || text[start] == '-')
        {
            return length == 0 ? Fail<HostPattern>(start, "no name before the port", "a host stands there, e.g. web-01:3440")
                : text[start] == '-' ? Fail<HostPattern>(start, "a name does not start with '-'", "e.g. web-01")
                : Fail<HostPattern>(start, $"a name of {length} letters", $"it has {Limits.HostNameLetters} at most");
        }

        if (place < end && !ReadPort(sign, place, end))
        {
            return null;
        }

        literals.Add(text[literal..end]);
        var pattern = new HostPattern(literals, brackets);
        return pattern.Count <= Limits.Hosts ? pattern : Fail<HostPattern>(start, $"{Quote(start, end)} is more than {Limits.Hosts} hosts", "name fewer, e.g. web-[001-400]");
    }

    private HostBracket? ReadBracket(int open, int before)
    {
        if (before == Limits.HostBrackets)
        {
            return Fail<HostBracket>(open, $"more than {Limits.HostBrackets} bracket parts in one name", "e.g. rack[1-9]-node[01-40]");
        }

        var ranges = new List<HostRange>();
        int place = open;
        do
        {
            place++;
            if (ReadRange(ref place) is not { } range)
            {
                return null;
            }

            ranges.Add(range);
        }
        while (text[place] == ',');
        return text[place] == ']' ? new HostBracket(ranges) : NoNumber(place);
    }

    /// <summary>Reads <c>7</c> or <c>01-20</c> and stops behind it; a bracket part always ends, so there is always a next character.</summary>
    private HostRange? ReadRange(ref int place)
    {
        int start = place;
        string low = Digits(ref place);
        string high = low;
        if (low.Length > 0 && text[place] == '-')
        {
            place++;
            high = Digits(ref place);
        }

        if (low.Length == 0 || high.Length == 0)
        {
            NoNumber(place);
            return null;
        }

        if (Math.Max(low.Length, high.Length) > Limits.HostDigits)
        {
            Fail<HostBracket>(start, $"a number of more than {Limits.HostDigits} digits", "e.g. [001-400]");
            return null;
        }

        bool padded = (low[0] == '0' && low.Length > 1) || (high[0] == '0' && high.Length > 1);
        if (padded && low.Length != high.Length)
        {
            Fail<HostBracket>(start, $"{low}-{high} has zeros in front and ends of two widths", $"both have as many digits, e.g. {low.PadLeft(high.Length, '0')}-{high.PadLeft(low.Length, '0')}");
            return null;
        }

        var range = new HostRange(Number(low), Number(high), padded ? low.Length : 1);
        if (range.Low > range.High)
        {
            Fail<HostBracket>(start, $"{low}-{high} goes down", $"a range goes up: {high}-{low}");
            return null;
        }

        return range;
    }

    private string Digits(ref int place)
    {
        int start = place;
        while (char.IsAsciiDigit(text[place]))
        {
            place++;
        }

        return text[start..place];
    }

    private static int Number(string digits) => int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);

    private bool ReadPort(HostSign sign, int colon, int end)
    {
        if (!ports || sign != HostSign.Add)
        {
            Fail<HostPattern>(colon, sign == HostSign.Add ? "a port has no place here" : $"a port has no place behind '{(sign == HostSign.Keep ? '&' : '!')}'", "the name alone stands for the host at every port, e.g. web-01");
        }
        else if (HostName.ParsePort(text.AsSpan(colon + 1, end - colon - 1)) == 0)
        {
            Fail<HostPattern>(colon + 1, $"{Quote(colon + 1, end)} is no port", "a port is 1 to 65535, e.g. web-01:3440");
        }

        return Mistake is null;
    }

    /// <summary>Where the pattern that starts here ends: before a comma or a blank that is not in brackets. Null and a mistake where a bracket part does not end.</summary>
    private int? FindEnd()
    {
        int end = at;
        while (end < text.Length && text[end] != ',' && !IsBlank(text[end]))
        {
            int close = text[end] == '[' ? text.IndexOf(']', end) : end;
            if (close < 0)
            {
                Fail<HostPattern>(end, "'[' without its ']'", "numbers stand between them, e.g. web-[01-20]");
                return null;
            }

            end = close + 1;
        }

        return end;
    }

    /// <summary>True where two colons stand: no name with a port.</summary>
    private bool IsAddress(int start, int end)
    {
        int first = text.IndexOf(':', start, end - start);
        return first >= 0 && text.IndexOf(':', first + 1, end - first - 1) >= 0;
    }

    private HostPattern? NoAddress(int start, int end) => Fail<HostPattern>(start, $"{Quote(start, end)} is no IPv6 address", "e.g. ::1, [::1]:3440; another host has one colon at most, before its port");

    private HostPattern? NoLetter(int place) => text[place] is '!' or '&'
        ? Fail<HostPattern>(place, $"{Quote(place)} within a term", $"a comma stands before it, e.g. web-[01-20],{text[place]}web-07")
        : Fail<HostPattern>(place, $"{Quote(place)} is no letter of a host", "a host has letters, digits, '.', '-' and '_', e.g. web-01.example.net");

    private HostBracket? NoNumber(int place) => Fail<HostBracket>(
        place,
        text[place] is ',' or ']' ? "a number is missing in brackets" : text[place] == '/' ? "'/': a range has no step" : $"{Quote(place)} in brackets",
        "numbers and ranges stand there, e.g. [1-3,7,09-12]");
}

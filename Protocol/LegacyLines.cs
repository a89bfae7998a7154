using System.Globalization;
using Deploy.Model.Text;

namespace Deploy.Protocol;

/// <summary>
/// Recovers an original agent's answer that is not JSON because a name in it was not escaped (recordings plain_rlist_quote, plain_rlist_newline).
/// </summary>
/// <remarks>
/// The original wrote one token a line: <c>{</c>, <c>"key": "value",</c>, <c>"key": [</c>, <c>"name",</c>, <c>],</c>, <c>}</c>, the comma missing from the last
/// of each. rsync writes a newline in a name as <c>\#012</c>, so a name is always one line that starts with a quote, and what stands between the
/// line's first quote and its closing <c>"</c> or <c>",</c> is the name, whatever it holds. Names are taken as they stand, without unescaping.
/// </remarks>
internal static class LegacyLines
{
    private const int MaxProblems = 8; // the rest is counted
    private const int MaxNames = 4_000_000;
    private const int MaxMembers = 1000; // the original has five

    /// <summary>What can be read of these bytes; never throws.</summary>
    public static LegacyReading Recover(ReadOnlySpan<byte> body)
    {
        var state = new State();
        int number = 0;
        foreach (var range in body.Split((byte)'\n'))
        {
            number++;
            var line = Trim(body[range]);
            if (!state.Take(line, number))
            {
                break;
            }
        }

        return state.Finish();
    }

    private static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> line)
    {
        line = line.TrimStart((byte)' ');
        return line.EndsWith("\r"u8) ? line[..^1] : line;
    }

    private sealed class State
    {
        private readonly List<KeyValuePair<string, LegacyValue>> members = [];
        private readonly List<string> problems = [];
        private List<LegacyValue>? list;
        private string listName = string.Empty;
        private int unescaped;
        private int names;
        private int taken;
        private bool opened;
        private bool closed;
        private bool lost;

        /// <summary>Takes one line; false when there is no use in going on.</summary>
        public bool Take(ReadOnlySpan<byte> line, int number)
        {
            if (line.IsEmpty)
            {
                return true;
            }

            if (!opened)
            {
                opened = line.SequenceEqual("{"u8);
                return opened;
            }

            if (closed)
            {
                Lose(line, number);
                return true;
            }

            if (list is not null)
            {
                return TakeItem(line, number);
            }

            if (line.SequenceEqual("}"u8))
            {
                closed = true;
            }
            else if (!TakeMember(line))
            {
                Lose(line, number);
            }

            return taken <= MaxMembers;
        }

        public LegacyReading Finish()
        {
            if (!opened)
            {
                return new LegacyReading(null, ["the answer is not JSON"], false);
            }

            if (list is not null)
            {
                Add(listName, new LegacyList(list));
            }

            if (!closed)
            {
                problems.Add("the end of the answer is missing");
            }

            if (unescaped > 0)
            {
                problems.Insert(0, string.Create(CultureInfo.InvariantCulture, $"names not escaped by the agent, taken as they stand: {unescaped}"));
            }

            return new LegacyReading(new LegacyObject(members), problems, closed && !lost);
        }

        private bool TakeItem(ReadOnlySpan<byte> line, int number)
        {
            if (line.SequenceEqual("]"u8) || line.SequenceEqual("],"u8))
            {
                bool room = Add(listName, new LegacyList(list!));
                list = null;
                if (!room)
                {
                    lost = true;
                    return false;
                }
            }
            else if (Quoted(line, out var name))
            {
                if (++names > MaxNames)
                {
                    lost = true;
                    return false;
                }

                if (name.ContainsAny((byte)'"', (byte)'\\') || name.ContainsAnyInRange((byte)0, (byte)0x1F))
                {
                    unescaped++;
                }

                list!.Add(new LegacyString(ByteText.FromBytes(name)));
            }
            else
            {
                Lose(line, number);
            }

            return true;
        }

        private bool TakeMember(ReadOnlySpan<byte> line)
        {
            int colon = line.IndexOf("\": "u8);
            if (colon < 1 || line[0] != '"')
            {
                return false;
            }

            string name = ByteText.FromBytes(line[1..colon]);
            var value = line[(colon + 3)..];
            if (value.SequenceEqual("["u8))
            {
                listName = name;
                list = [];
                return true;
            }

            if (!Quoted(value, out var text))
            {
                return false;
            }

            return Add(name, new LegacyString(ByteText.FromBytes(text)));
        }

        /// <summary>The last of equal names counts; false when there are more than any agent sends.</summary>
        private bool Add(string name, LegacyValue value)
        {
            members.RemoveAll(member => member.Key == name);
            members.Add(new(name, value));
            return ++taken <= MaxMembers;
        }

        private void Lose(ReadOnlySpan<byte> line, int number)
        {
            lost = true;
            if (problems.Count < MaxProblems)
            {
                string start = ByteText.FromBytes(line[..Math.Min(line.Length, 80)]);
                problems.Add(string.Create(CultureInfo.InvariantCulture, $"line {number} of the answer could not be read: {start}"));
            }
        }

        private static bool Quoted(ReadOnlySpan<byte> line, out ReadOnlySpan<byte> text)
        {
            int end = line.EndsWith("\","u8) ? 2 : 1;
            bool quoted = line.Length > end && line[0] == '"' && line[^end] == '"';
            text = quoted ? line[1..^end] : default;
            return quoted;
        }
    }
}

using System.Buffers;
using Deploy.Model;
using Deploy.Model.Text;
using Xunit;

namespace Deploy.Tests.Fuzz;

/// <summary>What several parsers promise alike.</summary>
internal static class Holds
{
    /// <summary>The text does nothing to a terminal.</summary>
    public static void Safe(string? text, SafeTextKeep keep = SafeTextKeep.None) => Assert.Equal(text is null ? null : SafeText.Of(text, keep), text);

    /// <summary>What a person is told does nothing to the terminal.</summary>
    public static void Safe(UserError error)
    {
        Safe(error.Message, SafeTextKeep.Newline);
        Safe(error.Hint);
        Assert.NotEqual(0, error.ExitCode);
    }

    /// <summary>The bytes in pieces as a peer may send them: of any length, the same for the same bytes.</summary>
    public static IEnumerable<byte[]> Pieces(byte[] bytes)
    {
        var random = new Random(bytes.Length);
        for (int at = 0, length; at < bytes.Length; at += length)
        {
            length = Math.Min(random.Next(1, random.Next(2) == 0 ? 4 : 200), bytes.Length - at);
            yield return bytes[at..(at + length)];
        }
    }

    /// <summary>The bytes as one sequence of such pieces.</summary>
    public static ReadOnlySequence<byte> Sequence(byte[] bytes)
    {
        Segment? first = null, last = null;
        foreach (byte[] piece in Pieces(bytes))
        {
            last = last is null ? first = new Segment(piece, 0) : last.Then(piece);
        }

        return first is null ? ReadOnlySequence<byte>.Empty : new ReadOnlySequence<byte>(first, 0, last!, last!.Memory.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(byte[] bytes, long at) => (Memory, RunningIndex) = (bytes, at);

        public Segment Then(byte[] bytes)
        {
            var next = new Segment(bytes, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}

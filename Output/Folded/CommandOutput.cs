using System.Buffers.Text;
using Deploy.Model.Jobs;
using Deploy.Model.Text;

namespace Deploy.Output.Folded;

/// <summary>What a command printed, as a shape holds it.</summary>
/// <param name="ExitCode">The command's.</param>
/// <param name="Out">Its standard output.</param>
/// <param name="Error">Its standard error.</param>
internal sealed record CommandOutput(int ExitCode, ReadOnlyMemory<byte> Out, ReadOnlyMemory<byte> Error)
{
    /// <summary>Reads the content of a shape; null where it is none of a command.</summary>
    /// <remarks><c>exit N\n</c>, <c>stdout N\n</c> and N bytes, <c>stderr N\n</c> and N bytes; nothing behind. See <see cref="ShapeContent"/>.</remarks>
    public static CommandOutput? Read(ShapeContent content)
    {
        var rest = content.Bytes;
        return content.Kind == ShapeKind.Output
            && Number(ref rest, "exit "u8) is { } exit
            && Number(ref rest, "stdout "u8) is { } length && Take(ref rest, length) is { } output
            && Number(ref rest, "stderr "u8) is { } behind && Take(ref rest, behind) is { } error
            && rest.IsEmpty
            ? new CommandOutput(exit, output, error)
            : null;
    }

    /// <summary>A stream's lines, safe to print, without their ends.</summary>
    public static IEnumerable<string> Lines(ReadOnlyMemory<byte> stream)
    {
        string text = ByteText.FromBytes(stream.Span);
        return text.Length == 0 ? [] : (text.EndsWith('\n') ? text[..^1] : text).Split('\n').Select(line => SafeText.Of(line.TrimEnd('\r'), SafeTextKeep.Tab));
    }

    private static int? Number(ref ReadOnlyMemory<byte> rest, ReadOnlySpan<byte> word)
    {
        var span = rest.Span;
        if (!span.StartsWith(word) || !Utf8Parser.TryParse(span[word.Length..], out int number, out int digits) || digits == 0
            || span.Length <= word.Length + digits || span[word.Length + digits] != '\n')
        {
            return null;
        }

        rest = rest[(word.Length + digits + 1)..];
        return number;
    }

    private static ReadOnlyMemory<byte>? Take(ref ReadOnlyMemory<byte> rest, int length)
    {
        if (length < 0 || length > rest.Length)
        {
            return null;
        }

        var taken = rest[..length];
        rest = rest[length..];
        return taken;
    }
}

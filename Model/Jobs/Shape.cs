using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Deploy.Model.Jobs;

/// <summary>Hosts with one and the same change set, or one and the same output and exit code.</summary>
internal sealed record Shape
{
    /// <summary>SHA-256 of the content, 64 lower-case hexadecimal digits.</summary>
    public required string Digest { get; init; }

    public required ShapeKind Kind { get; init; }

    /// <summary>The hosts, folded.</summary>
    public required string Hosts { get; init; }

    public required int HostCount { get; init; }

    /// <summary>Of change sets.</summary>
    public SyncTotals? Totals { get; init; }

    /// <summary>Of outputs.</summary>
    public int? ExitCode { get; init; }
}

/// <summary>What a shape is made of.</summary>
internal enum ShapeKind
{
    /// <summary>Lines of changes, sorted.</summary>
    Changes,

    /// <summary>What a command printed.</summary>
    Output,
}

/// <summary>The content of a shape, by which it is named: its digest is SHA-256 over exactly these bytes, so that nobody need be believed.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Bytes">Changes: one line a change; see docs/jobs.md. Output: <c>exit N\n</c>, then <c>stdout N\n</c> and N bytes, then <c>stderr N\n</c> and N bytes.</param>
internal sealed record ShapeContent(ShapeKind Kind, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>What names it: SHA-256 of the bytes, 64 lower-case hexadecimal digits.</summary>
    public string Digest() => Convert.ToHexStringLower(SHA256.HashData(Bytes.Span));

    /// <summary>The content of a command's output.</summary>
    /// <param name="exitCode">Its exit code; 128 and the signal where one ended it, as shells have it.</param>
    /// <param name="output">What it printed on stdout.</param>
    /// <param name="errors">What it printed on stderr.</param>
    public static ShapeContent OfOutput(int exitCode, ReadOnlySpan<byte> output, ReadOnlySpan<byte> errors) => new(ShapeKind.Output, (byte[])
    [
        .. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"exit {exitCode}\nstdout {output.Length}\n")), .. output,
        .. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"stderr {errors.Length}\n")), .. errors,
    ]);
}

/// <summary>What a command printed, as a shape holds it.</summary>
/// <param name="ExitCode">The command's.</param>
/// <param name="Out">Its standard output.</param>
/// <param name="Error">Its standard error.</param>
internal sealed record CommandOutput(int ExitCode, ReadOnlyMemory<byte> Out, ReadOnlyMemory<byte> Error)
{
    /// <summary>Reads the content of a shape; null where it is none of a command.</summary>
    /// <remarks><c>exit N\n</c>, <c>stdout N\n</c> and N bytes, <c>stderr N\n</c> and N bytes; nothing behind. See <see cref="ShapeContent.OfOutput"/>.</remarks>
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

    /// <summary>What it printed, line by line: standard output, then standard error.</summary>
    public IEnumerable<LogLine> Lines() => Lines("stdout", Text(Out)).Concat(Lines("stderr", Text(Error)));

    /// <summary>A stream as text: UTF-8 as it came, what is none replaced.</summary>
    public static string Text(ReadOnlyMemory<byte> stream) => Encoding.UTF8.GetString(stream.Span);

    private static IEnumerable<LogLine> Lines(string stream, string text) =>
        text.Length == 0 ? [] : (text.EndsWith('\n') ? text[..^1] : text).Split('\n').Select(line => new LogLine(stream, line.TrimEnd('\r')));

    private static int? Number(ref ReadOnlyMemory<byte> rest, ReadOnlySpan<byte> word)
    {
        var span = rest.Span;
        if (!span.StartsWith(word) || !Utf8Parser.TryParse(span[word.Length..], out int number, out int digits)
            || digits != number.ToString(CultureInfo.InvariantCulture).Length // one output, one content: no plus, no zeros in front
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

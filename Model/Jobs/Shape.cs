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

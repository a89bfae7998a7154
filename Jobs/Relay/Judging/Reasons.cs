using Deploy.Model.Text;

namespace Deploy.Jobs.Relay.Judging;

/// <summary>Finds in what rsync or a command printed the line that says why it failed.</summary>
internal static class Reasons
{
    private const string Error = "deploy: error: ";
    private const string Hint = "deploy: hint: ";
    private const int MaxLine = 300; // characters of a reason

    /// <summary>The bytes of a base64 content; empty for what is none.</summary>
    public static ReadOnlyMemory<byte> Decode(string? base64)
    {
        if (string.IsNullOrEmpty(base64))
        {
            return ReadOnlyMemory<byte>.Empty;
        }

        byte[] bytes = new byte[(base64.Length / 4 * 3) + 3];
        return Convert.TryFromBase64String(base64, bytes, out int length) ? bytes.AsMemory(0, length) : ReadOnlyMemory<byte>.Empty;
    }

    /// <summary>The last <c>deploy: error:</c> with its hint, else the first line that rsync or its daemon calls an error; null when there is none.</summary>
    public static (string? Reason, string? NextStep) Of(ReadOnlySpan<byte> said)
    {
        string? error = null, hint = null, first = null;
        foreach (var range in said.Split((byte)'\n'))
        {
            string line = Shortened(said[range].TrimEnd((byte)'\r'));
            if (line.StartsWith(Error, StringComparison.Ordinal))
            {
                (error, hint) = (line[Error.Length..], null);
            }
            else if (line.StartsWith(Hint, StringComparison.Ordinal))
            {
                hint = line[Hint.Length..];
            }
            else if (first is null && IsError(line))
            {
                first = line;
            }
        }

        return error is not null ? (error, hint) : (first, null);
    }

    private static bool IsError(string line) =>
        line.StartsWith("@ERROR", StringComparison.Ordinal) || line.StartsWith("rsync error", StringComparison.Ordinal) || line.StartsWith("rsync:", StringComparison.Ordinal);

    private static string Shortened(ReadOnlySpan<byte> line) =>
        line.Length <= MaxLine ? ByteText.FromBytes(line) : ByteText.FromBytes(line[..MaxLine]) + "…";
}

using System.Globalization;
using System.Runtime.CompilerServices;
using Deploy.Tests.Protocol.Ssl;

namespace Deploy.Tests.Api.Conformance;

/// <summary>One request that the original was sent, and what it answered: <c>Recordings/NAME.c2s.bin</c> and <c>NAME.s2c.bin</c>, a row of <c>INDEX.tsv</c>.</summary>
/// <param name="Name">Of the files.</param>
/// <param name="Time">The agent's clock.</param>
/// <param name="How">How the bytes were sent; <c>n/a: …</c> says why this one is not for a plain agent.</param>
/// <param name="What">What it shows.</param>
/// <param name="Request">Client to agent; empty where nothing was sent, or where it is not applicable.</param>
/// <param name="Answer">Agent to client; empty where nothing came.</param>
internal sealed record WireRecording(string Name, DateTimeOffset Time, string How, string What, byte[] Request, byte[] Answer)
{
    public const string NotApplicable = "n/a: ";

    /// <summary>Sent to an agent with ssl = true, its answer decrypted.</summary>
    public const string Ssl = "ssl";

    /// <summary>Sent there as it stands, its answer as it came.</summary>
    public const string ToSslAgent = "to the ssl agent";

    public bool Applies => !How.StartsWith(NotApplicable, StringComparison.Ordinal);

    /// <summary>All of them, in the order in which they were recorded, since many change what the next ones find.</summary>
    public static IReadOnlyList<WireRecording> All()
    {
        string folder = Folder("Recordings");
        return
        [
            .. File.ReadLines(Path.Combine(folder, "INDEX.tsv")).Where(line => !line.StartsWith('#')).Select(line => line.Split('\t')).Select(cells => new WireRecording(
                cells[0], DateTimeOffset.FromUnixTimeSeconds(long.Parse(cells[1], CultureInfo.InvariantCulture)), cells[2], cells[3],
                cells[2] == Ssl ? SslRecording.Bytes(cells[0] + ".c2s.bin") : Bytes(cells[0], "c2s"), cells[2] == Ssl ? SslRecording.Bytes(cells[0] + ".s2c.plain.bin") : Bytes(cells[0], "s2c"))),
        ];

        byte[] Bytes(string name, string side)
        {
            string file = Path.Combine(folder, $"{name}.{side}.bin");
            return File.Exists(file) ? File.ReadAllBytes(file) : [];
        }
    }

    /// <summary>A folder beside this file.</summary>
    public static string Folder(string name, [CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, name);
}

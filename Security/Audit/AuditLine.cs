using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Deploy.Model;
using Deploy.Model.Text;

namespace Deploy.Security.Audit;

/// <summary>
/// One line of an audit log, as it stands there: JSON, then a line feed. Members that are null are left out; texts are safe to print, and bounded.
/// <c>prev</c> is the SHA-256 of the line before, its line feed included (<c>tail -n 1 audit.ndjson | sha256sum</c>), of the first record 64 zeros.
/// </summary>
internal sealed record AuditLine
{
    /// <summary>Bytes of a line at most: four texts that are all escapes of six bytes, and room.</summary>
    public const int MaxBytes = 64 * 1024;

    /// <summary>What stands for the hash of the line before the first.</summary>
    public static readonly string NoHash = new('0', SHA256.HashSizeInBytes * 2);

    private static readonly AuditJson Json = new(new JsonSerializerOptions(AuditJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }); // the texts are safe already, and a fingerprint has a +

    /// <summary>From 1, without a gap.</summary>
    public required long Seq { get; init; }

    public required string Time { get; init; }

    /// <summary>True in the first record of a file.</summary>
    public bool? First { get; init; }

    /// <summary><c>order</c>, <c>act</c>, <c>steal</c>, <c>legacy-order</c>; of the log itself <c>torn</c> and <c>omitted</c>.</summary>
    public required string Ask { get; init; }

    public string? Order { get; init; }

    public string? What { get; init; }

    public string? Hosts { get; init; }

    public string? Job { get; init; }

    public string? Peer { get; init; }

    /// <summary><c>operator</c>, <c>proxy</c>, <c>api-key</c>, <c>legacy</c>, <c>unsigned</c>, <c>unknown</c>.</summary>
    public string? By { get; init; }

    public string? Who { get; init; }

    public string? Key { get; init; }

    /// <summary><c>accepted</c> or <c>refused</c>.</summary>
    public string? Outcome { get; init; }

    /// <summary><c>accepted</c> of a refusal that follows the record of the same request as accepted; else null.</summary>
    public string? Was { get; init; }

    /// <summary>Why it was refused.</summary>
    public string? Refusal { get; init; }

    /// <summary>What the asker said of it.</summary>
    public string? Reason { get; init; }

    /// <summary>Of <c>omitted</c>: how many records were not written.</summary>
    public long? Count { get; init; }

    /// <summary>Of <c>torn</c>: SHA-256 of all bytes between the last record and this one, which are no record.</summary>
    public string? Torn { get; init; }

    /// <summary>How many bytes those are.</summary>
    public long? TornBytes { get; init; }

    public required string Prev { get; init; }

    /// <summary>The record of something that was asked; its place in the chain is filled in later.</summary>
    public static AuditLine Of(AuditEntry entry, DateTimeOffset time) => new()
    {
        Seq = 0,
        Time = Moment(time),
        Ask = entry.Ask switch { AuditAsk.Act => "act", AuditAsk.Steal => "steal", AuditAsk.LegacyOrder => "legacy-order", _ => "order" },
        Order = Text(entry.Order),
        What = Text(entry.What),
        Hosts = entry.Hosts is null ? null : SafeText.Of(entry.Hosts, Limits.AuditHostLetters),
        Job = entry.Job?.ToString(),
        Peer = (entry.Peer.IsIPv4MappedToIPv6 ? entry.Peer.MapToIPv4() : entry.Peer).ToString(),
        By = entry.Who.By switch
        {
            AuditBy.Operator => "operator",
            AuditBy.Proxy => "proxy",
            AuditBy.ApiKey => "api-key",
            AuditBy.Legacy => "legacy",
            AuditBy.Unsigned => "unsigned",
            _ => "unknown",
        },
        Who = Text(entry.Who.Name),
        Key = Text(entry.Who.Key),
        Outcome = entry.Refusal is null ? Accepted : Refused,
        Was = entry.WasAccepted ? Accepted : null,
        Refusal = Text(entry.Refusal),
        Reason = Text(entry.Reason),
        Prev = NoHash,
    };

    public const string Accepted = "accepted";
    public const string Refused = "refused";

    /// <summary>The record that says how many were not written.</summary>
    public static AuditLine Omitted(long count, DateTimeOffset time) => new() { Seq = 0, Time = Moment(time), Ask = "omitted", Count = count, Prev = NoHash };

    /// <summary>The record behind bytes that are none.</summary>
    public static AuditLine Closing(AuditTorn torn, DateTimeOffset time) => new() { Seq = 0, Time = Moment(time), Ask = "torn", Torn = torn.Sha256, TornBytes = torn.Bytes, Prev = NoHash };

    /// <summary>The line, line feed included.</summary>
    public byte[] ToBytes() => [.. JsonSerializer.SerializeToUtf8Bytes(this, Json.AuditLine), (byte)'\n'];

    /// <summary>True for a whole record, line feed included.</summary>
    public static bool TryRead(ReadOnlySpan<byte> line, [NotNullWhen(true)] out AuditLine? record)
    {
        record = null;
        if (line.Length > MaxBytes || line is not [(byte)'{', .., (byte)'}', (byte)'\n'])
        {
            return false;
        }

        try
        {
            record = JsonSerializer.Deserialize(line, Json.AuditLine);
            return record is { Seq: > 0, Prev.Length: SHA256.HashSizeInBytes * 2 };
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>SHA-256 of a line as records have it.</summary>
    public static string HashOf(ReadOnlySpan<byte> line) => Convert.ToHexStringLower(SHA256.HashData(line));

    private static string Moment(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static string? Text(string? text) => string.IsNullOrEmpty(text) ? null : SafeText.Of(text, Limits.AuditTextLetters);
}

/// <summary>Bytes at the end of a log that are no record: what a kill or a power cut left of one.</summary>
/// <param name="Bytes">How many, the line feed included that ends them.</param>
/// <param name="Sha256">Theirs; null for none.</param>
/// <param name="LacksBreak">True where that line feed is not there yet.</param>
internal sealed record AuditTorn(long Bytes, string? Sha256, bool LacksBreak)
{
    /// <summary>True where there is a line feed among them: a kill leaves none, since what is written in part has one behind its last whole record.</summary>
    public bool HasLines { get; init; }

    /// <summary>A whole record, whose line feed alone is missing.</summary>
    public static readonly AuditTorn BreakAlone = new(0, null, LacksBreak: true);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, RespectNullableAnnotations = true, MaxDepth = 4)]
[JsonSerializable(typeof(AuditLine))]
internal sealed partial class AuditJson : JsonSerializerContext;

using System.Text;
using Deploy.Model.Text;
using Deploy.Protocol;

namespace Deploy.Api;

/// <summary>An answer of the original's wire on its way out.</summary>
/// <param name="Status">HTTP status code.</param>
internal sealed record LegacyReply(int Status)
{
    /// <summary>Why, for the log; null when the order was taken.</summary>
    public string? Refusal { get; init; }

    /// <summary>Whether the body is an agent's JSON; else it is sent as text, as a proxy's JSON is too.</summary>
    public bool IsJson { get; init; }

    /// <summary>The order's job; null where the request was refused before it became one.</summary>
    public JobHeader? Job { get; init; }

    /// <summary>The body, in the pieces that it was made of; none for an empty one.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Body { get; init; } = [];

    /// <summary>Bytes of the body.</summary>
    public long Length => Body.Sum(piece => (long)piece.Length);

    /// <summary>The job's id where the wire has no place for the job itself: for the access log. Null where there is none.</summary>
    public string? JobId { get; init; }

    /// <summary>Called once when the body is sent, or given up; null for nobody.</summary>
    public Action? Sent { get; init; }

    /// <summary>The original's words, which its scripts compare.</summary>
    public string StatusText => Status switch
    {
        200 => "OK",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Permission Denied",
        404 => "Not Found",
        405 => "Method Not Allowed",
        408 => "Request Timeout",
        _ => "Internal Server Error",
    };

    /// <summary>A refusal whose reason the peer reads too; what the peer sent stands in it, made safe for its terminal and for our log.</summary>
    public static LegacyReply Text(int status, string text)
    {
        string safe = SafeText.Of(text);
        return new LegacyReply(status) { Body = [Encoding.UTF8.GetBytes(safe)], Refusal = safe };
    }
}

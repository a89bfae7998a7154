using System.Text;

namespace Deploy.Security.Signatures;

/// <summary>The text that is signed (RFC 9421, section 2.5), and its covered components by the profile.</summary>
internal static class SignatureBase
{
    private const string WithBody = """("@method" "@path" "@query" "content-type" "content-digest")""";
    private const string WithoutBody = """("@method" "@path" "@query")""";

    /// <summary>The covered components, as the field lists them.</summary>
    public static string Components(bool hasBody) => hasBody ? WithBody : WithoutBody;

    /// <summary>The base of a request whose parts are checked: ASCII, no line ends.</summary>
    /// <param name="method">As sent.</param>
    /// <param name="target">As it stands in the request line: never an empty query, so that path and query say how it was.</param>
    /// <param name="contentType">Null without a body.</param>
    /// <param name="contentDigest">Null without a body.</param>
    /// <param name="parameters">What follows the label in Signature-Input: components and parameters.</param>
    public static byte[] Of(string method, string target, string? contentType, string? contentDigest, string parameters)
    {
        int query = target.IndexOf('?');
        string path = query < 0 ? target : target[..query];
        string body = contentDigest is null ? string.Empty : $"\"content-type\": {contentType}\n\"content-digest\": {contentDigest}\n";
        return Encoding.ASCII.GetBytes($"\"@method\": {method}\n\"@path\": {path}\n\"@query\": {(query < 0 ? "?" : target[query..])}\n{body}\"@signature-params\": {parameters}");
    }
}

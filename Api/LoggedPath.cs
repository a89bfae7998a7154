using System.Text.RegularExpressions;

namespace Deploy.Api;

/// <summary>The path of a request as a log may have it: no query, no key.</summary>
internal static partial class LoggedPath
{
    /// <summary><c>/agent/ORDER/options/args/API_KEY</c>, the proxy's form: what follows the args is the key. An agent that is asked so by mistake must not log it either.</summary>
    private const int OpenParts = 4;

    private const string Redacted = "[redacted]";

    /// <summary>What a log may say of this target; remote text still.</summary>
    /// <param name="target">The request's target as it came.</param>
    public static string Of(string target)
    {
        string path = target.Split('?')[0];
        if (!path.StartsWith('/') && path.IndexOf("://", StringComparison.Ordinal) is >= 0 and var scheme)
        {
            path = path.IndexOf('/', scheme + 3) is >= 0 and var root ? path[root..] : "/"; // of http://NAME:PASSWORD@HOST/…
        }

        // A query whose question mark was forgotten, or encoded.
        if (Key().Match(path) is { Success: true } key)
        {
            path = path[..(key.Index + key.Length)] + Redacted;
        }

        string[] parts = path.Split('/', OpenParts + 2);
        if (parts.Length > OpenParts && parts[OpenParts] is { Length: > 0 } args && !args.Contains(':', StringComparison.Ordinal))
        {
            parts[OpenParts] = Redacted; // no hosts: or groups:, so perhaps the key in the wrong place
            path = string.Join('/', parts);
        }

        return parts.Length == OpenParts + 2 && parts[^1].Length > 0 ? $"{string.Join('/', parts[..^1])}/{Redacted}" : path;
    }

    [GeneratedRegex("(auth_|api_)key", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Key();
}

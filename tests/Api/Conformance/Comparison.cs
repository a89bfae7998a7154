using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Deploy.Tests.Fixtures;

namespace Deploy.Tests.Api.Conformance;

/// <summary>Holds an answer against the recorded one, by meaning; what differs is named by its field.</summary>
internal static partial class Comparison
{
    /// <summary>Causes of a failed rsync, in rsync's own words; the same one has to stand in both.</summary>
    private static readonly Regex[] Causes = [UnknownModule(), AuthFailed(), ConnectFailed(), RemoteShellFailed()];

    /// <summary>The fields that differ, none where the two say the same: <c>answer</c>, <c>status</c>, <c>header</c>, <c>text</c>, <c>json</c> or a key of the body.</summary>
    public static IReadOnlyList<string> Differing(WireRecording recording, Reply ours, Stage stage)
    {
        var theirs = Reply.Parse(recording.Answer);
        if (theirs.StatusLine.Length == 0 || ours.StatusLine.Length == 0)
        {
            return theirs.StatusLine == ours.StatusLine ? [] : ["answer"];
        }

        if (theirs.Headers.Count == 0)
        {
            return theirs.StatusLine == ours.StatusLine ? [] : ["answer"]; // DEPLOY-SSL
        }

        List<string> differ = [];
        if (ours.StatusLine != theirs.StatusLine)
        {
            differ.Add("status");
        }

        if (theirs.Headers.Any(header => header.Key != "Content-Length" && ours.Headers.GetValueOrDefault(header.Key) != header.Value)
            || ours.Headers.GetValueOrDefault("Content-Length") != Encoding.UTF8.GetByteCount(ours.Body).ToString(CultureInfo.InvariantCulture)
            || ours.Headers.Keys.Except(theirs.Headers.Keys, StringComparer.OrdinalIgnoreCase).Any(name => name is not ("Date" or "Deploy-Job")))
        {
            differ.Add("header");
        }

        if (theirs.Headers["Content-Type"].StartsWith("text/plain", StringComparison.Ordinal))
        {
            string text = stage.InRecordedPaths(ours.Body);
            return text == theirs.Body ? differ : [.. differ, "text"];
        }

        if (!LineJson.IsValid(theirs.Body))
        {
            differ.Add("json");
        }

        return LineJson.IsValid(ours.Body) ? [.. differ, .. DifferingKeys(recording, LineJson.Read(theirs.Body), LineJson.ReadStrictly(stage.InRecordedPaths(ours.Body)), stage)] : [.. differ, "json"];
    }

    private static IEnumerable<string> DifferingKeys(WireRecording recording, SortedDictionary<string, object> theirs, SortedDictionary<string, object> ours, Stage stage)
    {
        bool failed = theirs.GetValueOrDefault("return") is "false" && !theirs.ContainsKey("command");
        foreach (string key in theirs.Keys.Union(ours.Keys))
        {
            bool same = theirs.TryGetValue(key, out object? original) && ours.TryGetValue(key, out object? here) && (key, original, here) switch
            {
                ("process", List<string> some, List<string> pids) => (some.Count == 0) == (pids.Count == 0) && pids.TrueForAll(pid => pid.All(char.IsAsciiDigit)),
                ("checksum", string, string sum) => sum == ExpectedChecksum(recording, stage),
                ("content", string said, string now) when failed => SameCause(Decoded(said), Decoded(now)),
                (_, List<string> names, List<string> list) => names.Order(StringComparer.Ordinal).SequenceEqual(list.Order(StringComparer.Ordinal)),
                _ => original.Equals(here),
            };
            if (!same)
            {
                yield return key;
            }
        }
    }

    /// <summary>Both name one cause, and ours adds what it means and what to do.</summary>
    private static bool SameCause(string said, string now) =>
        Causes.FirstOrDefault(cause => cause.IsMatch(said)) is { } cause && cause.IsMatch(now) && ErrorAndHint().IsMatch(now);

    private static string ExpectedChecksum(WireRecording recording, Stage stage)
    {
        string group = recording.Name.Split('_')[^1] is "rsync" ? "plain10" : recording.Name.Split('_')[^1];
        return stage.ChecksumOf($"127.0.0.1::{group}/", "/srv/example/dst/" + group);
    }

    public static string Decoded(string base64) => Encoding.UTF8.GetString(Convert.FromBase64String(base64));

    [GeneratedRegex("Unknown module 'nosuchmodule'")]
    private static partial Regex UnknownModule();

    [GeneratedRegex("auth failed on module locked")]
    private static partial Regex AuthFailed();

    [GeneratedRegex(@"failed to connect to 127\.0\.0\.9 .*: Connection refused \(111\)")]
    private static partial Regex ConnectFailed();

    [GeneratedRegex(@"\(code 255\)|ssh: |Failed to exec ssh")] // where this host has no ssh
    private static partial Regex RemoteShellFailed();

    [GeneratedRegex(@"\ndeploy: error: recorded-host: [^\n]+\ndeploy: hint: [^\n]+\n\z")]
    private static partial Regex ErrorAndHint();
}

using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Deploy.Protocol;
using Deploy.Tests.Fixtures;
using Xunit;
using Xunit.Abstractions;

namespace Deploy.Tests.Api.Conformance.Proxy;

/// <summary>Every request that the original's plain proxy was sent, sent to ours, with the recorded agents behind it.</summary>
public partial class ProxyConformanceTests(ITestOutputHelper output)
{
    [Fact(Timeout = 300_000)]
    public async Task Every_recorded_request_is_answered_as_recorded_or_differs_on_purpose()
    {
        var recordings = ProxyRecording.All();
        var golden = new StringBuilder();
        var unexplained = new List<string>();
        int equal = 0;
        foreach (var (recording, ours, differ, shown) in await Task.WhenAll(recordings.Select(PlayAsync)))
        {
            var reasons = ProxyDifference.Of(recording.Name);
            unexplained.AddRange(differ.Where(field => !reasons.Any(reason => reason.Covers(field))).Select(field => $"{recording.Name}: {field} differs: {ours}"));
            unexplained.AddRange(reasons.Where(reason => !differ.Any(reason.Covers)).Select(reason => $"{recording.Name}: does not differ in {reason.Fields}"));
            equal += differ.Count == 0 ? 1 : 0;
            if (differ.Count > 0)
            {
                golden.AppendLine($"{recording.Name}: {string.Join("; ", reasons.Select(reason => reason.Row).Distinct())}").AppendLine(shown);
            }
        }

        output.WriteLine($"{recordings.Count} recordings of a proxy: {equal} equal, {recordings.Count - equal} different on purpose");
        Assert.Empty(unexplained);
        Assert.Equal(RecordingCounts, (equal, recordings.Count - equal));
        Golden.Golden.Verify(golden.ToString(), "ProxyDifferences");
    }

    /// <summary>So that none slips away unnoticed.</summary>
    internal static (int Equal, int Different) RecordingCounts => (36, 19);

    [Fact]
    public void Every_difference_is_a_row_of_the_contract()
    {
        Assert.Empty(ProxyDifference.All.Select(difference => difference.Row).Except(Difference.Rows()));
        Assert.Empty(ProxyDifference.All.SelectMany(difference => difference.Recordings).Except(ProxyRecording.All().Select(recording => recording.Name)));
    }

    private static async Task<(ProxyRecording Recording, string Ours, List<string> Differ, string Shown)> PlayAsync(ProxyRecording recording)
    {
        await using var stage = new ProxyStage(recording);
        var ours = await stage.PlayAsync();
        ours = ours with { Body = Job().Replace(stage.InRecordedPorts(ours.Body), "\"job\" : \"(its facts)\"") };
        var theirs = Reply.Parse(recording.Answer);
        List<string> differ = [.. Answers(theirs, ours), .. Hops(recording, stage.Asked)];
        return (recording, $"{ours.StatusLine} {ours.Body}", differ, $"  was  {Shown(theirs)}\n  is   {Shown(ours)}\n");
    }

    /// <summary>In what an answer differs from the recorded one.</summary>
    internal static IEnumerable<string> Answers(Reply theirs, Reply ours)
    {
        if (theirs.StatusLine.Length == 0)
        {
            yield return "answer";
            yield break;
        }

        if (ours.StatusLine != theirs.StatusLine)
        {
            yield return "status";
        }

        if (theirs.Headers.Any(header => header.Key != "Content-Length" && ours.Headers.GetValueOrDefault(header.Key) != header.Value)
            || ours.Headers.Keys.Except(theirs.Headers.Keys, StringComparer.OrdinalIgnoreCase).Any(name => name is not ("Date" or "Server")))
        {
            yield return "header";
        }

        // The same values by any order of keys, and the same look: a line each, as deep.
        bool json = theirs.Body.StartsWith('{') && ours.Body.StartsWith('{');
        if (json ? !JsonNode.DeepEquals(JsonNode.Parse(theirs.Body), JsonNode.Parse(ours.Body)) : theirs.Body != ours.Body)
        {
            yield return "body";
        }
        else if (json && !Lines(theirs.Body).SequenceEqual(Lines(ours.Body)))
        {
            yield return "look";
        }
    }

    /// <summary>What the agents were sent: the same, but for the key, and the args, which agents never had a use for.</summary>
    private static IEnumerable<string> Hops(ProxyRecording recording, IReadOnlyList<byte[]> asked)
    {
        if (recording.Agents.Count != asked.Count)
        {
            yield return "asked";
        }

        foreach (var (theirs, ours) in recording.Agents.Select(agent => agent.Request).Zip(asked))
        {
            var (theirHead, theirFields) = Split(theirs);
            var (ourHead, ourFields) = Split(ours);
            bool same = theirHead == ourHead && theirFields.Options == ourFields.Options && theirFields.ApiKey.Reveal() == ourFields.ApiKey.Reveal()
                && theirFields.AuthKey.Reveal()[..32] == ourFields.AuthKey.Reveal()[..32];
            if (!same || ourFields.Args.Length > 0)
            {
                yield return "hop";
            }
        }
    }

    private static (string Head, LegacyFields Fields) Split(byte[] request)
    {
        int end = request.AsSpan().IndexOf("\r\n\r\n"u8);
        string head = Encoding.Latin1.GetString(request, 0, end);
        Assert.Equal(4, Encoding.Latin1.GetString(request, end + 4, request.Length - end - 4).Split('&').Length);
        return (head[..head.IndexOf("Content-Length", StringComparison.Ordinal)], LegacyForm.Parse(request.AsSpan(end + 4)));
    }

    [GeneratedRegex("\"job\" : \"[^\"]*\"")]
    private static partial Regex Job();

    private static IEnumerable<string> Lines(string json) => json.Split('\n').Select(line => line.TrimEnd(',')).Order(StringComparer.Ordinal);

    private static string Shown(Reply reply) => reply.StatusLine.Length == 0
        ? "closed, nothing was sent"
        : $"{reply.StatusLine["HTTP/1.1 ".Length..]}: {(reply.Body.StartsWith('{') ? Sorted(JsonNode.Parse(reply.Body))!.ToJsonString() : reply.Body)}".TrimEnd(' ', ':', '\n');

    private static JsonNode? Sorted(JsonNode? node) => node is JsonObject members
        ? new JsonObject(members.OrderBy(member => member.Key, StringComparer.Ordinal).Select(member => KeyValuePair.Create(member.Key, Sorted(member.Value))))
        : node?.DeepClone();
}

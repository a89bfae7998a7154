using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Deploy.Model.Text;
using Deploy.Tests.Fixtures;
using Xunit;
using Xunit.Abstractions;

namespace Deploy.Tests.Api.Conformance;

/// <summary>Every request that the original's plain agent was sent, sent to ours over the same trees and configuration.</summary>
public partial class ConformanceTests(ITestOutputHelper output)
{
    private const int LongestShown = 500; // characters of an answer in the golden file

    /// <summary>All in one test: recordings lean on what those before them did.</summary>
    [Fact(Timeout = 600_000)]
    public async Task Every_recorded_request_is_answered_as_recorded_or_differs_on_purpose()
    {
        await using var stage = new Stage();
        await stage.StartAsync();
        var recordings = WireRecording.All();
        var unexplained = new List<string>();
        var golden = new StringBuilder();
        int equal = 0, different = 0;
        foreach (var recording in recordings.Where(recording => recording.Applies))
        {
            var ours = await stage.PlayAsync(recording);
            var differ = Comparison.Differing(recording, ours, stage);
            var reasons = Difference.Of(recording.Name);
            unexplained.AddRange(Unexplained(recording, ours, differ, reasons));
            CheckCounts(recording, ours, stage, unexplained);
            equal += differ.Count == 0 ? 1 : 0;
            different += differ.Count > 0 ? 1 : 0;
            if (differ.Count > 0)
            {
                string[] rows = [.. reasons.Select(reason => reason.Row).Distinct()];
                golden.AppendLine($"{recording.Name}: {string.Join("; ", rows)}").AppendLine($"  was  {Shown(Reply.Parse(recording.Answer), stage)}").AppendLine($"  is   {Shown(ours, stage)}").AppendLine();
            }
        }

        int notApplicable = recordings.Count(recording => !recording.Applies);
        output.WriteLine($"{recordings.Count} recordings: {equal} equal, {different} different on purpose, {notApplicable} not applicable");
        Assert.Empty(unexplained);
        Assert.Equal(RecordingCounts, (equal, different, notApplicable));
        Golden.Golden.Verify(golden.ToString(), "Differences");
    }

    [Fact]
    public void Every_difference_is_a_row_of_the_contract_and_every_exception_has_its_reason()
    {
        Assert.Empty(Difference.All.Select(difference => difference.Row).Except(Difference.Rows()));
        var recordings = WireRecording.All();
        Assert.Empty(Difference.All.SelectMany(difference => difference.Recordings).Except(recordings.Where(recording => recording.Applies).Select(recording => recording.Name)));
        Assert.All(recordings.Where(recording => !recording.Applies), recording => Assert.True(recording.How.Length > WireRecording.NotApplicable.Length, recording.Name));
        Assert.All(recordings.Where(recording => recording.Applies), recording => Assert.True(recording.Request.Length > 0 || recording.Name is "raw_idle" or "raw_empty_close", recording.Name));
    }

    /// <summary>So that none slips away unnoticed.</summary>
    internal static (int Equal, int Different, int NotApplicable) RecordingCounts => (99, 75, 22);

    /// <summary>A field that differs without a reason, and a reason without a difference.</summary>
    private static IEnumerable<string> Unexplained(WireRecording recording, Reply ours, IReadOnlyList<string> differ, IReadOnlyList<Difference> reasons)
    {
        foreach (string field in differ.Where(field => !reasons.Any(reason => reason.Covers(field))))
        {
            yield return $"{recording.Name}: {field} differs: {ours.StatusLine} {ours.Body}";
        }

        foreach (var reason in reasons.Where(reason => !differ.Any(reason.Covers)))
        {
            yield return $"{recording.Name}: does not differ in {reason.Fields}";
        }
    }

    /// <summary>Counts and sizes that differ are right: those of the trees, reckoned by hand.</summary>
    private static void CheckCounts(WireRecording recording, Reply ours, Stage stage, List<string> wrong)
    {
        if (!Preview().IsMatch(recording.Name) || !ours.Body.Contains("transferFilesCount", StringComparison.Ordinal))
        {
            return;
        }

        string group = recording.Name.Split('_')[^1];
        var (count, size) = group switch
        {
            "new" or "src" => RecordedTrees.First["plain10"],
            "changes" or "directopts" or "pipeopts" or "opts" => (6, 1000), // two files of 400 and 600 bytes, and four deletions
            "uptodate" or "motd" => (0, 0),
            _ => RecordedTrees.First[group],
        };
        var fields = LineJson.ReadStrictly(ours.Body);
        string expected = string.Create(CultureInfo.InvariantCulture, $"{count} {size}"), got = $"{fields["transferFilesCount"]} {fields["transferFilesSize"]}";
        if (expected != got)
        {
            wrong.Add($"{recording.Name}: counts {got}, the trees say {expected}");
        }
    }

    /// <summary>An answer as a line.</summary>
    private static string Shown(Reply reply, Stage stage)
    {
        if (reply.StatusLine.Length == 0)
        {
            return "closed, nothing was sent";
        }

        bool isJson = reply.Headers.GetValueOrDefault("Content-Type")?.StartsWith("application/json", StringComparison.Ordinal) == true;
        string body = stage.InRecordedPaths(isJson ? string.Join(", ", (LineJson.IsValid(reply.Body) ? LineJson.ReadStrictly(reply.Body) : LineJson.Read(reply.Body)).Select(Field)) : reply.Body);
        body = SafeText.Of(body);
        return Ports().Replace($"{reply.StatusLine["HTTP/1.1 ".Length..]}: {(body.Length > LongestShown ? body[..LongestShown] + " [...]" : body)}".TrimEnd(' ', ':'), "127.0.0.1:PORT");
    }

    private static string Field(KeyValuePair<string, object> field) => (field.Key, field.Value) switch
    {
        ("checksum", _) => "checksum of the paths",
        ("content" or "command", string base64) => $"{field.Key} '{Comparison.Decoded(base64).ReplaceLineEndings("⏎").Replace('‘', '\'').Replace('’', '\'')}'",
        (_, List<string> names) => $"{field.Key} [{string.Join(", ", names.Take(15))}{(names.Count > 15 ? $", {names.Count - 15} more" : string.Empty)}]",
        _ => $"{field.Key} {field.Value}",
    };

    [GeneratedRegex("_(status|rlist)_|three_opts|opt_inj_src")]
    private static partial Regex Preview();

    [GeneratedRegex(@"127\.0\.0\.1:\d+")]
    private static partial Regex Ports();
}

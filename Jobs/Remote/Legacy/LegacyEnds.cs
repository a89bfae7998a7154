using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Deploy.Jobs.Engine;
using Deploy.Jobs.Relay.Judging;
using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Model.Text;
using Deploy.Protocol;

namespace Deploy.Jobs.Remote.Legacy;

/// <summary>What an answer of the original's wire means for a host of a job.</summary>
internal static class LegacyEnds
{
    private const int ReasonLength = 1024;
    private const int LogLength = 64 * 1024; // characters of what rsync or a command printed

    /// <summary>The end that a report is.</summary>
    /// <param name="order">What was ordered.</param>
    /// <param name="report">What the host said.</param>
    /// <param name="facts">What an agent of ours says beside; null from the original.</param>
    /// <param name="has">Whether the job has the content of a shape.</param>
    public static HostEnd Of(Order order, HostReport report, JobHeader? facts, Func<string, bool> has)
    {
        var end = new HostEnd(report.State, Reason(report))
        {
            Totals = report.Changes is null ? null : order == Order.Rlist
                ? new SyncTotals { New = report.NewNames.Count, Deleted = report.DeletedNames.Count, Bytes = report.Bytes ?? 0 }
                : new SyncTotals { Changed = report.Changes.Value, Bytes = report.Bytes ?? 0 },
        };
        if (report.Output is not { } output)
        {
            return end;
        }

        // The wire says whether it was well, not the exit code; our agents say that in words.
        int? code = report.State == HostState.Ok ? 0 : ExitCode(facts?.Reason);
        if (order != Order.Exec || code is null)
        {
            return end with { Log = Lines(output.Span) };
        }

        byte[] content = [.. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"exit {code}\nstdout {output.Length}\n")), .. output.Span, .. "stderr 0\n"u8];
        string digest = Convert.ToHexStringLower(SHA256.HashData(content));
        return end with { ExitCode = code, Shape = digest, Content = has(digest) ? null : new ShapeContent(ShapeKind.Output, content) };
    }

    /// <summary>The report's note and next step on one line.</summary>
    public static string? Reason(HostReport report)
    {
        string text = string.Join("; ", new[] { report.Note, report.NextStep }.Where(part => !string.IsNullOrEmpty(part)));
        return text.Length == 0 ? null : SafeText.Of(text, ReasonLength);
    }

    private static int? ExitCode(string? reason)
    {
        const string Words = "exit code "; // Jobs/Commands
        return reason?.StartsWith(Words, StringComparison.Ordinal) == true && int.TryParse(reason.AsSpan(Words.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int code) && code <= 255 ? code : null;
    }

    private static List<LogLine> Lines(ReadOnlySpan<byte> output)
    {
        string text = Encoding.UTF8.GetString(output);
        return [.. (text.Length <= LogLength ? text : text[..LogLength]).Split('\n').Where(line => line.Length > 0).Select(line => new LogLine("stdout", line.TrimEnd('\r')))];
    }
}

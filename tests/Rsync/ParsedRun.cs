using System.Text;
using Deploy.Rsync;
using Deploy.Rsync.Meaning;
using Deploy.Rsync.Output;

namespace Deploy.Tests.Rsync;

/// <summary>One run put through parser and meaning, as text that a person can read and a test can compare.</summary>
internal static class ParsedRun
{
    /// <summary>Everything that a run gives, for the bytes fed in pieces of at most <paramref name="longestPiece"/> bytes.</summary>
    public static string Describe(Recording recording, Random? random = null, int longestPiece = int.MaxValue)
    {
        var changes = new StringBuilder();
        var parser = new OutputParser(keepNames: true, recording.ProgressPerFile, change =>
        {
            if (change.IsSymlink || change.IsHardLink)
            {
                changes.Append("  link: ").Append(Text(change.Name())).Append(" | ").AppendLine(change.LinkTarget() is { } target ? Text(target) : "?");
            }
        });
        var errors = new ErrorText();
        Feed(recording.Output, parser.Feed, random, longestPiece);
        Feed(recording.Errors, errors.Feed, random, longestPiece);
        parser.Complete();
        errors.Complete();

        int? code = recording.Exit < 0 ? null : recording.Exit;
        int? signal = recording.Exit < 0 ? -recording.Exit : null;
        var verdict = ExitMeaning.Of(new Ending
        {
            Call = new SyncCall { Origin = recording.Arguments.Length > 1 ? recording.Arguments[^2] : "-", Target = recording.Arguments[^1] },
            Version = RsyncVersion.TryParse($"rsync  version {recording.Version}", out var version) ? version : default,
            Code = code,
            Signal = signal,
            Stopped = false,
            Errors = errors,
            HasStatistics = parser.HasStatistics,
        });

        var text = new StringBuilder();
        text.Append("=== ").AppendLine(recording.Scenario);
        text.Append(verdict.Outcome).Append(" (exit ").Append(recording.Exit).Append(')').AppendLine(verdict.Warning is null ? string.Empty : "; warning: " + verdict.Warning);
        if (verdict.Diagnosis is { } diagnosis)
        {
            text.AppendLine($"{diagnosis.Fault}: {diagnosis.What}").AppendLine($"  next: {diagnosis.NextStep}");
        }

        text.AppendLine(parser.Counts.ToString().Replace("SyncCounts ", string.Empty, StringComparison.Ordinal));
        if (parser.Progress is { } progress)
        {
            text.AppendLine(progress.ToString());
        }

        text.AppendLine($"legacy: {(parser.Counts.Deletions + parser.Counts.FilesTransferred)} files, {parser.Counts.BytesTransferred} bytes");
        foreach (var name in parser.NewNames)
        {
            text.Append("  new: ").AppendLine(Visible(name.LegacyText()));
        }

        foreach (var name in parser.DeletedNames)
        {
            text.Append("  deleted: ").AppendLine(Visible(name.LegacyText()));
        }

        text.Append(changes);
        foreach (string line in (errors.Text() + parser.Said()).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            text.Append("  said: ").AppendLine(Visible(line));
        }

        return text.Replace("\r\n", "\n").AppendLine().ToString();
    }

    /// <summary>Gives the bytes to a taker in pieces of random length.</summary>
    public static void Feed(ReadOnlySpan<byte> bytes, Feeder feed, Random? random, int longestPiece)
    {
        while (!bytes.IsEmpty)
        {
            int length = Math.Min(bytes.Length, random is null ? longestPiece : random.Next(1, longestPiece + 1));
            feed(bytes[..length]);
            bytes = bytes[length..];
        }
    }

    internal delegate void Feeder(ReadOnlySpan<byte> piece);

    private static string Text(byte[] bytes) => Visible(new RsyncName(bytes).LegacyText());

    /// <summary>Control characters as the dots and arrows of a golden file: <c>⟨0A⟩</c>.</summary>
    private static string Visible(string text)
    {
        var visible = new StringBuilder();
        foreach (char c in text)
        {
            visible.Append(char.IsControl(c) || char.IsSurrogate(c) && c is >= '\uDC80' and <= '\uDCFF' ? $"⟨{(int)c:X2}⟩" : c.ToString());
        }

        return visible.ToString();
    }
}

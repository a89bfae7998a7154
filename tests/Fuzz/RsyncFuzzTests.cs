using System.Buffers;
using System.Text;
using Deploy.Model.Jobs;
using Deploy.Model.Text;
using Deploy.Rsync;
using Deploy.Rsync.Changes;
using Deploy.Rsync.Output;
using Deploy.Tests.Rsync;
using Xunit;
using Xunit.Abstractions;

namespace Deploy.Tests.Fuzz;

/// <summary>What rsync prints, which an origin has a word in, and the change sets that are made of it.</summary>
public class RsyncFuzzTests(ITestOutputHelper output)
{
    private static readonly Recording[] Runs = [.. Recording.Versions.SelectMany(Recording.Of).Where(run => run.Output.Length + run.Errors.Length < 8192)];

    [Fact]
    public Task The_output_of_a_run_makes_lines_that_are_changes() => Fuzzer.RunAsync(
        new FuzzTarget("RsyncOutput", Output)
        {
            Words =
            [
                ">f+++++++++ 1 2026/11/22-10:00:00 name\n", "*deleting   0 2026/11/22-10:00:00 gone\n", "cL+++++++++ 3 2026/11/22-10:00:00 a -> b\n", "hf+++++++++ 0 2026/11/22-10:00:00 a => b\n", ".d..t...... 0 2026/11/22-10:00:00 ./\n",
                "cd+++++++++ ", " -> ", " => ", "\\#012", "\\#134#012", "\n\nNumber of files: ", "   1,000  99%  1.2MB/s    0:00:00 (xfr#1, to-chk=0/1)\r", "created directory x\n", "ignoring unsafe symlink ",
            ],
            More = Runs.Select(run => run.Output),
            MostBytes = 16 * 1024,
            Inputs = 6_000,
        }, output);

    [Fact]
    public Task What_rsync_says_of_its_errors_is_kept_in_bounds() => Fuzzer.RunAsync(
        new FuzzTarget("RsyncErrors", Errors) { Words = ["rsync error: ", " (code 23) at main.c", "rsync warning: ", "Deletions stopped due to --max-delete limit (3 skipped)\n", "Password: ", "@ERROR: "], More = Runs.Select(run => run.Errors).Where(errors => errors.Length > 0), Inputs = 10_000 }, output);

    [Fact]
    public Task A_version_that_is_read_prints_as_itself() => Fuzzer.RunAsync(
        new FuzzTarget("RsyncVersion", Version) { Words = ["rsync  version ", "v3.4.1", "3.0", ".", "pre1", "Capabilities:\n    "], More = Runs.Where(run => run.Scenario == "version").Select(run => run.Output), Inputs = 40_000 }, output);

    [Fact]
    public Task A_name_is_unescaped_to_bytes_that_print_as_it() => Fuzzer.RunAsync(
        new FuzzTarget("RsyncName", Name) { Words = ["\\#", "\\#012", "\\#377", "\\#400", "\\#134#012", "\\"], Inputs = 60_000 }, output);

    [Fact]
    public Task One_change_has_one_line() => Fuzzer.RunAsync(
        new FuzzTarget("Change", OneChange) { Words = ["new\tf\t", "deleted\t-\t", "\t2026-11-22T10:00:00Z\t", "\\x", "\\xff", "\\x1b", "\\\\", "\t"], Inputs = 60_000 }, output);

    [Fact]
    public Task The_output_of_a_command_is_read_as_it_was_made() => Fuzzer.RunAsync(
        new FuzzTarget("CommandOutput", Command) { Words = ["exit ", "stdout ", "stderr ", "\n", "-1", "+3", "007"], Inputs = 60_000 }, output);

    private static void Output(byte[] input)
    {
        string whole = Described([input], out var changes);
        Assert.Equal(whole, Described(Holds.Pieces(input), out var again));
        Assert.Equal(changes.Digest(), again.Digest());

        var lines = new List<byte[]>();
        foreach (var range in changes.Content!.Value.Span[..Math.Max(0, changes.Content.Value.Length - 1)].Split((byte)'\n'))
        {
            lines.Add(changes.Content.Value.Span[range].ToArray());
        }

        Assert.Equal(changes.New + changes.Changed + changes.Attributes + changes.Deleted, changes.Content.Value.Length == 0 ? 0 : lines.Count);
        foreach (byte[] line in changes.Content.Value.Length == 0 ? [] : lines)
        {
            Assert.True(Change.TryParse(line, out _), ByteText.FromBytes(line));
            OneChange(line);
        }

        Assert.All(changes.FirstDeleted, name => Holds.Safe(name));
        for (int at = 1; at < lines.Count; at++)
        {
            Assert.True(lines[at - 1].AsSpan().SequenceCompareTo(lines[at]) <= 0);
        }
    }

    private static string Described(IEnumerable<byte[]> pieces, out ChangeSet changes)
    {
        var collector = new ChangeCollector(keepLines: true);
        var parser = new OutputParser(keepNames: true, progressPerFile: false, collector.Take, timed: true);
        foreach (byte[] piece in pieces)
        {
            parser.Feed(piece);
        }

        parser.Complete();
        changes = collector.Finish();
        Assert.True(parser.Said().Length <= OutputParser.SaidBytes + 100);
        Assert.All(parser.NewNames.Concat(parser.DeletedNames), name => Assert.True(ByteText.IsUtf8(name.LegacyUtf8().Span) && name.Unescape().Length > 0));
        Assert.True(parser.Counts is { Deletions: >= 0, FilesTransferred: >= 0, BytesTransferred: >= 0, ChangeLines: >= 0 });
        return $"{parser.Counts} {parser.IsOriginEmpty} {parser.Progress} {parser.Said()} {string.Join('|', parser.NewNames.Concat(parser.DeletedNames).Select(name => Convert.ToHexString(name.Printed.Span)))}";
    }

    private static void Errors(byte[] input)
    {
        Assert.Equal(Told([input]), Told(Holds.Pieces(input)));

        static string Told(IEnumerable<byte[]> pieces)
        {
            var errors = new ErrorText();
            foreach (byte[] piece in pieces)
            {
                errors.Feed(piece);
            }

            errors.Complete();
            Assert.InRange(errors.Lines.Count(), 0, 120);
            Assert.All(errors.Lines, line => Assert.InRange(line.Length, 1, 2048));
            Assert.True(errors.FirstCode is null or (> 0 and < 256));
            return $"{errors.FirstCode} {errors.DeletionsStopped} {errors.Text()} {string.Join('|', errors.Lines)}";
        }
    }

    private static void Version(byte[] input)
    {
        string text = ByteText.FromBytes(input);
        Assert.All(RsyncVersion.Capabilities(text), word => Holds.Safe(word));
        if (RsyncVersion.TryParse(text.Split('\n')[0], out var version))
        {
            Assert.True(RsyncVersion.TryParse($"rsync  version {version}  protocol version 32", out var again));
            Assert.Equal(version, again);
        }
    }

    private static void Name(byte[] input)
    {
        byte[] real = RsyncName.Unescape(input);
        Assert.Equal(real, RsyncName.Unescape(RsyncName.Print(real)));
        Assert.True(RsyncName.Print(real).AsSpan().IndexOfAny((byte)'\n', (byte)0x1B, (byte)0) < 0);
        Assert.True(ByteText.IsUtf8(new RsyncName(input).LegacyUtf8().Span));
    }

    private static void OneChange(byte[] input)
    {
        if (!Change.TryParse(input, out var change))
        {
            return;
        }

        var line = new ArrayBufferWriter<byte>();
        change.WriteTo(line);
        Assert.Equal([.. input, (byte)'\n'], line.WrittenSpan.ToArray());
        var shown = ShapeChange.Of(input)!;
        Holds.Safe(shown.Name);
        Holds.Safe(shown.Link);
        Holds.Safe(shown.Time);
        Assert.Equal(1, shown.Type.Length);
    }

    private static void Command(byte[] input)
    {
        if (CommandOutput.Read(new ShapeContent(ShapeKind.Output, input)) is not { } read)
        {
            return;
        }

        var again = CommandOutput.Read(ShapeContent.OfOutput(read.ExitCode, read.Out.Span, read.Error.Span));
        Assert.NotNull(again);
        Assert.Equal((read.ExitCode, Convert.ToHexString(read.Out.Span), Convert.ToHexString(read.Error.Span)), (again.ExitCode, Convert.ToHexString(again.Out.Span), Convert.ToHexString(again.Error.Span)));
        Assert.True(read.Lines().Sum(line => line.Text.Length) <= input.Length);
        Assert.Equal(input.Length, ShapeContent.OfOutput(read.ExitCode, read.Out.Span, read.Error.Span).Bytes.Length); // one output, one digest
    }
}

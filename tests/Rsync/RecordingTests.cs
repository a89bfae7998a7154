using System.Text;
using Deploy.Rsync;
using Deploy.Rsync.Output;
using Xunit;

namespace Deploy.Tests.Rsync;

public class RecordingTests
{
    public static TheoryData<string> Versions => new(Recording.Versions);

    [Theory]
    [MemberData(nameof(Versions))]
    public void Every_recording_reads_as_a_person_accepted_it(string version)
    {
        var text = new StringBuilder();
        foreach (var recording in Recording.Of(version).Where(recording => recording.HasOutFormat))
        {
            text.Append(ParsedRun.Describe(recording));
        }

        Golden.Golden.Verify(text.ToString(), "Recordings-" + version);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void Any_pieces_give_the_same(string version)
    {
        var random = new Random(20261122);
        foreach (var recording in Recording.Of(version))
        {
            string whole = ParsedRun.Describe(recording);
            Assert.Equal(whole, ParsedRun.Describe(recording, null, 1));
            for (int round = 0; round < 8; round++)
            {
                Assert.Equal(whole, ParsedRun.Describe(recording, random, 1 << random.Next(1, 13)));
            }
        }
    }

    // Plain --verbose is not what we run: its names cannot be told from messages. The statistics still can.
    [Theory]
    [InlineData("3.0.9", "plan-fresh-legacy", 66, 59, 19927104)]
    [InlineData("3.0.9", "plan-mixed-legacy", 66, 57, 19927098)]
    [InlineData("3.0.9", "plan-nothing-legacy", 66, 0, 0)]
    [InlineData("3.0.9", "sync-mixed-legacy", 66, 58, 19927100)]
    [InlineData("3.4.1", "plan-fresh-legacy", 66, 59, 19927104)]
    [InlineData("3.4.1", "plan-mixed-legacy", 66, 57, 19927098)]
    [InlineData("3.4.1", "plan-nothing-legacy", 66, 0, 0)]
    [InlineData("3.5.0", "plan-fresh-legacy", 66, 59, 19927104)]
    [InlineData("3.5.0", "plan-nothing-legacy", 66, 0, 0)]
    [InlineData("3.5.0", "sync-mixed-legacy", 66, 58, 19927100)]
    public void Statistics_of_a_plain_verbose_run_are_the_last_block(string version, string scenario, long files, long transferred, long bytes)
    {
        var counts = Parse(Recording.Read(version, scenario)).Counts;
        Assert.Equal((files, transferred, bytes), (counts.FilesListed, counts.FilesTransferred, counts.BytesTransferred));
        Assert.Equal(0, counts.ChangeLines);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void Rounded_numbers_are_not_taken(string version)
    {
        var parser = Parse(Recording.Read(version, "plan-mixed-human"));
        Assert.Equal(66, parser.Counts.FilesListed);
        Assert.Equal(0, parser.Counts.BytesTransferred); // 19.93M says nothing exact, and plain lines carry no sizes
    }

    // The same facts twice: the lines and the statistics of one run must agree.
    [Theory]
    [MemberData(nameof(Versions))]
    public void Lines_and_statistics_agree(string version)
    {
        foreach (var recording in Recording.Of(version).Where(recording => recording.HasOutFormat && recording.Exit is 0 or 25))
        {
            long files = 0;
            long bytes = 0;
            var parser = new OutputParser(true, false, change =>
            {
                files += change.IsTransfer ? 1 : 0;
                bytes += change.IsTransfer ? change.Size : 0;
            });
            parser.Feed(recording.Output);
            parser.Complete();
            Assert.Equal((files, bytes), (parser.Counts.FilesTransferred, parser.Counts.BytesTransferred));
        }
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void Names_are_the_same_under_every_locale_and_with_8_bit_output(string version)
    {
        static string[] Names(IEnumerable<RsyncName> names) => [.. names.Select(name => Convert.ToHexString(name.Unescape()))];
        var plain = Parse(Recording.Read(version, "plan-mixed-item"));
        foreach (string scenario in new[] { "plan-mixed-localeC", "plan-mixed-item-8bit" })
        {
            var other = Parse(Recording.Read(version, scenario));
            Assert.Equal(Names(plain.NewNames), Names(other.NewNames));
            Assert.Equal(Names(plain.DeletedNames), Names(other.DeletedNames));
        }
    }

    [Theory]
    [InlineData("3.0.9", 3, 0, 9, false)]
    [InlineData("3.4.1", 3, 4, 1, true)]
    [InlineData("3.5.0", 3, 5, 0, true)]
    public void The_version_is_in_the_first_line(string version, int major, int minor, int patch, bool hasInfo)
    {
        string firstLine = Encoding.UTF8.GetString(Recording.Read(version, "version").Output).Split('\n')[0];
        Assert.True(RsyncVersion.TryParse(firstLine, out var parsed));
        Assert.Equal(new RsyncVersion(major, minor, patch), parsed);
        Assert.Equal(hasInfo, parsed.HasInfo);
    }

    [Theory]
    [InlineData("3.0.9", "64-bit files", "symtimes")]
    [InlineData("3.4.1", "64-bit files", "no crtimes")]
    [InlineData("3.5.0", "64-bit files", "no crtimes")]
    public void The_capabilities_are_the_words_below_their_line(string version, string first, string last)
    {
        var words = RsyncVersion.Capabilities(Encoding.UTF8.GetString(Recording.Read(version, "version").Output));
        Assert.Equal((first, last), (words[0], words[^1]));
        Assert.Contains("ACLs", words);
        Assert.DoesNotContain(words, word => word.Contains('\n', StringComparison.Ordinal) || word.Length == 0);
        Assert.Empty(RsyncVersion.Capabilities("rsync  version 3.9.0  protocol version 33\nOptimizations:\n    no SIMD\n"));
    }

    private static OutputParser Parse(Recording recording)
    {
        var parser = new OutputParser(keepNames: true, recording.ProgressPerFile);
        parser.Feed(recording.Output);
        parser.Complete();
        return parser;
    }
}

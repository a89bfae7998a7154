using System.Text;
using Deploy.Rsync;
using Deploy.Rsync.Output;
using Xunit;

namespace Deploy.Tests.Rsync.Output;

public class OutputParserTests
{
    private const string Statistics = "\nNumber of files: 3 (reg: 3)\nNumber of regular files transferred: 2\nTotal transferred file size: 7 bytes\n";

    [Fact]
    public void A_file_named_like_a_statistic_is_a_file()
    {
        var parser = Parse(">f+++++++++ 4 Number of files: 3\n>f+++++++++ 4 \\#012Number of files: 9\n" + Statistics);
        Assert.Equal(["Number of files: 3", "\nNumber of files: 9"], Texts(parser.NewNames));
        Assert.Equal((3L, 2L, 7L), (parser.Counts.FilesListed, parser.Counts.FilesTransferred, parser.Counts.BytesTransferred));
    }

    [Fact]
    public void The_last_statistics_count_when_an_origin_sends_others_before()
    {
        var parser = Parse("\nNumber of files: 900\nNumber of regular files transferred: 900\n>f+++++++++ 4 a\n" + Statistics);
        Assert.Equal((3L, 2L), (parser.Counts.FilesListed, parser.Counts.FilesTransferred));
        Assert.Equal(["a"], Texts(parser.NewNames));
    }

    [Fact]
    public void Statistics_need_their_blank_line()
    {
        Assert.False(Parse("Number of files: 900\n").HasStatistics);
        Assert.False(Parse(">f+++++++++ 1 a\n\rNumber of files: 900\n").HasStatistics); // the empty piece before \r is no line
        Assert.True(Parse("\r      1 100%    1.00kB/s    0:00:00 (xfr#1, to-chk=0/1)\n" + Statistics).HasStatistics);
    }

    [Fact]
    public void A_file_named_like_a_deletion_is_not_deleted()
    {
        var parser = Parse(">f+++++++++ 1 *deleting   x\n*deleting   0 gone\n*deleting   0 dir/\n*deleting   0 *deleting   0 y\n");
        Assert.Equal(["*deleting   x"], Texts(parser.NewNames));
        Assert.Equal(["gone", "*deleting   0 y"], Texts(parser.DeletedNames));
        Assert.Equal(3, parser.Counts.Deletions);
    }

    [Theory]
    [InlineData("cL+++++++++ 1 a -> b -> c -> d", "a -> b -> c", "d")]
    [InlineData("cL+++++++++ 6 a -> b -> c", "a", "b -> c")]
    [InlineData("cL+++++++++ 3 n\\#012l -> x\\#377y", "n\nl", "x\\#377y")] // counted in real bytes
    [InlineData("hf+++++++++ 5 a => b", "a", "b")]
    [InlineData("hL+++++++++ 5 a => b", "a", "b")]
    [InlineData("hf+++++++++ 5 a => b => c", "a => b => c", null)] // nothing says which arrow
    [InlineData("cL+++++++++ 9 a -> b", "a -> b", null)]
    [InlineData("cL+++++++++ 99999999999 a -> b", "a -> b", null)]
    [InlineData(">f+++++++++ 1 a -> b", "a -> b", null)]
    [InlineData(".L..t...... 1 a -> b", "a", "b")]
    [InlineData("cS+++++++++ 0 fifo", "fifo", null)]
    [InlineData(">f          1 a", "a", null)]
    [InlineData(">f+++++++++ 1  two blanks ", " two blanks ", null)]
    public void A_change_says_its_name_and_what_it_points_to(string line, string name, string? target)
    {
        Assert.True(ChangeLine.TryRead(Encoding.UTF8.GetBytes(line), out var change));
        Assert.Equal(name, new RsyncName(change.Name()).LegacyText());
        Assert.Equal(target, change.LinkTarget() is { } bytes ? new RsyncName(bytes).LegacyText() : null);
    }

    [Theory]
    [InlineData("cannot delete non-empty directory: gone")]
    [InlineData("created directory /srv/x")]
    [InlineData("cd+++++++++ x ./")]
    [InlineData(">f+++++++++ 12")]
    [InlineData(">f+++++++++ 12 ")]
    [InlineData(">f+++++++++  name")]
    [InlineData(">f+++++++++ 99999999999999999999 name")]
    [InlineData(">q+++++++++ 1 name")]
    [InlineData("*deleting   bar")]
    [InlineData("*deleting 0 bar")]
    [InlineData("*missing    0 bar")]
    public void Other_lines_are_no_changes(string line) => Assert.False(ChangeLine.TryRead(Encoding.UTF8.GetBytes(line), out _));

    [Fact]
    public void Attributes_and_directories_are_changes_without_a_new_name()
    {
        var parser = Parse(".f...p..... 4 permonly\n.d..t...... 4096 d/\ncd+++++++++ 4096 new/\n.f          5 same\n>f.st...... 5 changed\n");
        Assert.Equal(["changed"], Texts(parser.NewNames));
        Assert.Equal(4, parser.Counts.ChangeLines);
    }

    [Fact]
    public void A_directory_that_was_made_is_named_and_other_lines_are_said()
    {
        var parser = Parse("receiving incremental file list\ncreated directory /srv/x\nskipping non-regular file \"f\"\nignoring unsafe symlink \"a\" -> \"/etc\"\n"
            + "IO error encountered -- skipping file deletion\n 100 files...\r66 files to consider\n" + Statistics + "\nsent 8 bytes  received 96 bytes  208.00 bytes/sec\ntotal size is 0  speedup is 0.00\n");
        Assert.Equal(["created directory /srv/x"], Texts(parser.NewNames));
        Assert.Equal(1, parser.Counts.SkippedLinks);
        Assert.Equal("skipping non-regular file \"f\"\nignoring unsafe symlink \"a\" -> \"/etc\"\nIO error encountered -- skipping file deletion\n", parser.Said());
    }

    [Fact]
    public void A_torn_last_line_names_no_file()
    {
        var parser = Parse(">f+++++++++ 1 whole\n*deleting   0 half-a-na");
        Assert.Equal((1L, 0L), (parser.Counts.ChangeLines, parser.Counts.Deletions));
    }

    [Theory]
    [InlineData("19,927,117 bytes", 19927117)]
    [InlineData("19.927.117 bytes", 19927117)]
    [InlineData("19'927'117 bytes", 19927117)]
    [InlineData("19 927 117 bytes", 19927117)]
    [InlineData("19\u00a0927\u202f117 bytes", 19927117)]
    [InlineData("66 (reg: 59, dir: 4)", 66)]
    [InlineData("0", 0)]
    [InlineData("9223372036854775790", 9223372036854775790)]
    public void Numbers_are_their_digits(string text, long value)
    {
        Assert.True(RsyncNumber.TryRead(Encoding.UTF8.GetBytes(text), out long read));
        Assert.Equal(value, read);
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData(",1")]
    [InlineData("19.93M bytes")]
    [InlineData("1.2K")]
    [InlineData("99999999999999999999")]
    public void What_is_no_exact_number_is_none(string text) => Assert.False(RsyncNumber.TryRead(Encoding.UTF8.GetBytes(text), out _));

    [Fact]
    public void Progress_is_the_last_record()
    {
        var parser = Parse("\r      3,145,747  15%  428.57MB/s    0:00:00 (xfr#9, ir-chk=55/66)\n>f+++++++++ 1 a\n\r  10,485,799  52%    1.00kB/s   ??:??:??  ");
        Assert.Equal(
            new SyncProgress { BytesDone = 10485799, Percent = 52, BytesPerSecond = 1024, FilesDone = 9, EntriesLeft = 55, EntriesKnown = 66, ListComplete = false },
            parser.Progress);
    }

    [Fact]
    public void Progress_of_3_0_adds_up_the_files()
    {
        var parser = new OutputParser(false, progressPerFile: true);
        parser.Feed("           0   0%    0.00kB/s    0:00:00\r          10 100%    1.00kB/s    0:00:00 (xfer#1, to-check=1/3)\n>f+++++++++ 9 b\n           5  55%    2.00kB/s    0:00:00\r"u8);
        Assert.Equal(new SyncProgress { BytesDone = 15, Percent = null, BytesPerSecond = 2048, FilesDone = 1, EntriesLeft = 1, EntriesKnown = 3, ListComplete = true }, parser.Progress);
    }

    private static OutputParser Parse(string output)
    {
        var parser = new OutputParser(keepNames: true, progressPerFile: false);
        parser.Feed(Encoding.UTF8.GetBytes(output));
        parser.Complete();
        return parser;
    }

    private static string[] Texts(IEnumerable<RsyncName> names) => [.. names.Select(name => name.LegacyText())];
}

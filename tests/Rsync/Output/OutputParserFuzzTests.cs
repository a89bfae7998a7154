using System.Text;
using Deploy.Rsync;
using Deploy.Rsync.Output;
using Xunit;

namespace Deploy.Tests.Rsync.Output;

public class OutputParserFuzzTests
{
    private const int Seed = 20261122;

    private static readonly string[] Pieces =
    [
        ">f+++++++++ ", "*deleting   0 ", "cL+++++++++ 3 ", "hf+++++++++ ", ".d..t...... ", "1 ", "name", " -> ", " => ", "\n", "\n\n", "\r", "\\#012", "\\#134#012",
        "Number of files: ", "Number of regular files transferred: ", "Total transferred file size: ", "9,999", "99999999999999999999", "M", "created directory ",
        "   1,000  99%  1.2MB/s    0:00:00", " (xfr#1, to-chk=0/1)", " (xfr#,to-=/)", "ignoring unsafe symlink ", " files...", "-", "/",
    ];

    [Fact]
    public void Any_bytes_in_any_pieces_give_the_same_and_never_an_exception()
    {
        var random = new Random(Seed);
        for (int round = 0; round < 3_000; round++)
        {
            byte[] output = Garbage(random, random.Next(40));
            string whole = Describe(output, null, int.MaxValue);
            Assert.Equal(whole, Describe(output, null, 1));
            Assert.Equal(whole, Describe(output, random, 9));
        }
    }

    [Fact]
    public void An_endless_line_takes_no_memory()
    {
        var parser = new OutputParser(keepNames: true, false);
        var errors = new ErrorText();
        byte[] piece = [.. ">f+++++++++ 1 "u8, .. Enumerable.Repeat((byte)'a', 65536)];
        parser.Feed(piece);
        errors.Feed(piece);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 2_000; i++)
        {
            parser.Feed(piece.AsSpan(14));
            errors.Feed(piece.AsSpan(14));
        }

        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1_000_000);
        parser.Feed("\n>f+++++++++ 1 next\n"u8);
        parser.Complete();
        Assert.Equal(["next"], parser.NewNames.Select(name => name.LegacyText())); // a name with its end missing is another file's
        Assert.True(parser.Said().Length < 2048);
        Assert.True(errors.Text().Length < 65536);
    }

    [Fact]
    public void Millions_of_lines_take_no_memory_where_no_names_are_kept()
    {
        var parser = new OutputParser(keepNames: false, false);
        byte[] lines = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(">f+++++++++ 1 name\n*deleting   0 gone\nIO error about something\n", 1000)));
        parser.Feed(lines);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 500; i++)
        {
            parser.Feed(lines);
        }

        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1_000_000);
        Assert.Equal((501_000L, 501_000L), (parser.Counts.ChangeLines, parser.Counts.Deletions));
        Assert.Empty(parser.NewNames);
        Assert.True(parser.Said().Length <= OutputParser.SaidBytes + 64);
    }

    [Fact]
    public void Names_printed_as_rsync_prints_them_come_back_as_they_were()
    {
        var random = new Random(Seed);
        for (int round = 0; round < 500; round++)
        {
            byte[][] made = [.. Enumerable.Range(0, random.Next(1, 20)).Select(_ => RsyncPrinter.HostileName(random))];
            byte[][] gone = [.. Enumerable.Range(0, random.Next(1, 20)).Select(_ => RsyncPrinter.HostileName(random))];
            var links = new List<(string Name, string Target)>();
            var read = new List<(string Name, string Target)>();
            var output = new List<byte>();
            foreach (byte[] name in gone)
            {
                output.AddRange([.. "*deleting   0 "u8, .. RsyncPrinter.Print(name), (byte)'\n']);
            }

            foreach (byte[] name in made)
            {
                output.AddRange([.. ">f+++++++++ 10 "u8, .. RsyncPrinter.Print(name), .. "\n\r             10   0%    0.98kB/s    0:00:00 (xfr#1, to-chk=64/66)\n"u8]);
                byte[] target = RsyncPrinter.HostileName(random);
                links.Add((Convert.ToHexString(name), Convert.ToHexString(target)));
                output.AddRange([.. Encoding.ASCII.GetBytes($"cL+++++++++ {target.Length} "), .. RsyncPrinter.Print([.. name, .. " -> "u8, .. target]), (byte)'\n']);
            }

            var parser = new OutputParser(keepNames: true, false, change =>
            {
                if (change.IsSymlink)
                {
                    read.Add((Convert.ToHexString(change.Name()), Convert.ToHexString(change.LinkTarget()!)));
                }
            });
            ParsedRun.Feed(output.ToArray(), parser.Feed, random, 100);
            parser.Complete();
            Assert.Equal(gone, parser.DeletedNames.Select(name => name.Unescape()));
            Assert.Equal(made, parser.NewNames.Where((_, i) => i % 2 == 0).Select(name => name.Unescape()));
            Assert.Equal(links, read);
            Assert.Equal(string.Empty, parser.Said());
        }
    }

    private static string Describe(byte[] output, Random? random, int longest)
    {
        var parser = new OutputParser(keepNames: true, false);
        var errors = new ErrorText();
        ParsedRun.Feed(output, parser.Feed, random, longest);
        ParsedRun.Feed(output, errors.Feed, random, longest);
        parser.Complete();
        errors.Complete();
        return string.Join('|', parser.Counts, parser.Progress, parser.Said(), errors.Text(), errors.FirstCode, string.Join(',', errors.Lines),
            string.Join(',', parser.NewNames.Concat(parser.DeletedNames).Select(name => Convert.ToHexString(name.Unescape()) + name.LegacyText())));
    }

    private static byte[] Garbage(Random random, int parts)
    {
        var bytes = new List<byte>();
        for (int i = 0; i < parts; i++)
        {
            if (random.Next(5) == 0)
            {
                byte[] raw = new byte[random.Next(6)];
                random.NextBytes(raw);
                bytes.AddRange(raw);
            }
            else
            {
                bytes.AddRange(Encoding.ASCII.GetBytes(Pieces[random.Next(Pieces.Length)]));
            }
        }

        return [.. bytes];
    }
}

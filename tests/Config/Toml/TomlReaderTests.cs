using System.Text;
using Deploy.Config;
using Deploy.Config.Toml;
using Xunit;

namespace Deploy.Tests.Config.Toml;

public class TomlReaderTests
{
    [Fact]
    public void Everything_has_its_place()
    {
        var root = Read("\uFEFFa.'b c' = [ 1, \"x\" ]\r\n\r\n[ sync . site ] # here\r\n\t\"🙂\" = { k = true }\r\n[[ list ]]\r\n[[list]]\r\n[sync]\r\nt = 12:00:00\r\n");
        Assert.Equal("f:1:1", root.Position.ToString());
        Assert.Equal("f:1:1 f:1:1", Places(root, "a"));
        Assert.Equal("f:1:3 f:1:11", Places(Table(root, "a"), "b c"));
        Assert.Equal(["f:1:13", "f:1:16"], ((TomlValue.List)Table(root, "a").Find("b c")!.Value).Items.Select(item => item.Position.ToString()));

        // The key of a table stays where it stood first; the table is where its own header is.
        var sync = Table(root, "sync");
        Assert.Equal("f:3:3 f:7:2", Places(root, "sync"));
        Assert.Equal("f:3:10 f:3:10", Places(sync, "site"));
        Assert.Equal("f:4:2 f:4:9", Places(Table(sync, "site"), "🙂"));
        Assert.Equal("f:4:11 f:4:15", Places(Table(Table(sync, "site"), "🙂"), "k"));
        Assert.Equal("f:8:1 f:8:5", Places(sync, "t"));
        Assert.Equal("f:5:4 f:5:4", Places(root, "list"));
        Assert.Equal(["f:5:4", "f:6:3"], ((TomlValue.List)root.Find("list")!.Value).Items.Select(item => item.Position.ToString()));
    }

    [Fact]
    public void Every_kind_says_what_it_is()
    {
        var root = Read("a = \"\"\nb = 1\nc = 1.5\nd = true\ne = 1979-05-27T07:32:00Z\nf = 1979-05-27T07:32:00\ng = 1979-05-27\nh = 07:32:00\ni = []\nj = {}\n");
        Assert.Equal(
            ["a string", "an integer", "a float", "a boolean", "a date and time with an offset", "a date and time", "a date", "a time", "a list", "a table"],
            root.Entries.Select(entry => entry.Value.What));
    }

    [Theory]
    [InlineData("1979-05-27 07:32:00.500z", "1979-05-27T07:32:00.5Z")]
    [InlineData("1979-05-27t07:32:00.000-00:30", "1979-05-27T07:32:00-00:30")]
    [InlineData("1979-05-27 07:32:60", "1979-05-27T07:32:60")]
    [InlineData("0000-02-29", "0000-02-29")]
    [InlineData("07:32:00.0000000000001", "07:32:00.0000000000001")]
    public void Moments_have_one_form(string written, string value) => Assert.Equal(value, ((TomlValue.Moment)Value(written)).Value);

    [Theory]
    [InlineData("0x7fff_ffff_ffff_ffff", long.MaxValue)]
    [InlineData("-9223372036854775808", long.MinValue)]
    [InlineData("0o755", 493)]
    [InlineData("0b1000", 8)]
    [InlineData("+1_000", 1000)]
    public void Integers_are_of_64_bits(string written, long value) => Assert.Equal(value, ((TomlValue.Integer)Value(written)).Value);

    [Theory]
    [InlineData("0x8000000000000000")]
    [InlineData("0xffffffffffffffffffff")]
    [InlineData("9223372036854775808")]
    [InlineData("-9223372036854775809")]
    public void Larger_integers_are_errors(string written) =>
        Assert.Equal("f:1:5: an integer lies between -9223372036854775808 and 9223372036854775807", Assert.Single(Errors($"v = {written}")));

    [Fact]
    public void A_string_of_several_lines_has_LF_however_the_file_ends_its_lines() =>
        Assert.Equal("a\nb\n", ((TomlValue.Text)Value("\"\"\"\r\na\r\n\\\r\n  \r\n b\r\n\"\"\"")).Value);

    [Fact]
    public void Keys_are_found_exactly_in_small_and_in_large_tables()
    {
        foreach (int count in (int[])[1, 8, 9, 1000])
        {
            var root = Read(string.Concat(Enumerable.Range(0, count).Select(i => $"key{i} = {i}\n")));
            Assert.Equal(count, root.Entries.Count);
            Assert.All(Enumerable.Range(0, count), i => Assert.Equal(i, ((TomlValue.Integer)root.Find($"key{i}")!.Value).Value));
            Assert.Null(root.Find("KEY0"));
            Assert.Null(root.Find(string.Empty));
            Assert.Equal($"f:{count + 1}:1: the key 'key0' stands already at line 1", Assert.Single(Errors(string.Concat(Enumerable.Range(0, count).Select(i => $"key{i} = {i}\n")) + "key0 = 1")));
        }
    }

    [Fact]
    public void A_byte_that_is_not_UTF8_is_told_where_it_stands()
    {
        Assert.Equal("f:1:3: the byte e9 (hexadecimal) is no UTF-8 here; save the file as UTF-8", Assert.Single(Errors([.. "# "u8, 0xE9])));
        Assert.Equal("f:2:9: the byte ff (hexadecimal) is no UTF-8 here; save the file as UTF-8", Assert.Single(Errors([.. "a = 1\nb = \"🙂 "u8, 0xFF, .. "\"\n"u8])));
        Assert.Equal("f:1:5: the byte c3 (hexadecimal) is no UTF-8 here; save the file as UTF-8", Assert.Single(Errors([.. "a = "u8, 0xC3, .. "\nb = 1\n"u8])));
        Assert.Equal("f:1:1: the byte ed (hexadecimal) is no UTF-8 here; save the file as UTF-8", Assert.Single(Errors([0xED, 0xA0, 0x80, .. " = 1\n"u8])));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void UTF16_is_one_clear_line(bool bigEndian) => Assert.Equal(
        "f: the file is UTF-16; TOML is UTF-8: save it so",
        Assert.Single(Errors([.. new UnicodeEncoding(bigEndian, true).GetPreamble(), .. new UnicodeEncoding(bigEndian, true).GetBytes("a = 1\n")])));

    [Fact]
    public void A_file_of_something_else_gives_a_bounded_list()
    {
        string[] errors = Errors(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("x\n", 5000))));
        Assert.Equal(TomlReader.MaxErrors + 1, errors.Length);
        Assert.Equal("f: 4950 more errors like these; is this a TOML file?", errors[^1]);
    }

    [Fact]
    public void A_file_over_the_limit_is_an_error()
    {
        byte[] bytes = new byte[ConfigFile.MaxBytes + 1];
        Array.Fill(bytes, (byte)'\n');
        Assert.Empty(TomlReader.Parse("f", bytes.AsSpan(1)).Errors);
        Assert.Equal("f: larger than 4 MiB; is this a configuration file?", Assert.Single(Errors(bytes)));
    }

    private static TomlValue.Table Read(string text)
    {
        var document = TomlReader.Parse("f", Encoding.UTF8.GetBytes(text));
        Assert.Empty(document.Errors);
        return document.Root;
    }

    private static TomlValue Value(string written) => Read($"v = {written}").Find("v")!.Value;

    private static TomlValue.Table Table(TomlValue.Table parent, string key) => (TomlValue.Table)parent.Find(key)!.Value;

    /// <summary>Where the key and its value stand.</summary>
    private static string Places(TomlValue.Table table, string key) => $"{table.Find(key)!.Key.Position} {table.Find(key)!.Value.Position}";

    private static string[] Errors(string text) => Errors(Encoding.UTF8.GetBytes(text));

    private static string[] Errors(byte[] bytes) => [.. TomlReader.Parse("f", bytes).Errors.Select(error => error.ToString())];
}

using System.Diagnostics;
using System.Text;
using Deploy.Config;
using Deploy.Config.Ini;
using Deploy.Model.Text;
using Xunit;

namespace Deploy.Tests.Config.Ini;

public class IniReaderTests
{
    [Fact]
    public void Lines_are_trimmed_and_split_once()
    {
        var document = Read("\uFEFF  [server]  \r\n\t port = 3440\r\nkey_cipher= \"a = b\" ; no comment \r\nempty =\r\n");
        var server = document.Section("server")!;
        Assert.Equal("3440", Value(server, "port"));
        Assert.Equal("\"a = b\" ; no comment", Value(server, "key_cipher"));
        Assert.Equal(string.Empty, Value(server, "empty"));
    }

    [Fact]
    public void Comments_stand_on_lines_of_their_own()
    {
        var document = Read("# a = b\n  ; [x]\n[s]\nurl = a#b;c\n");
        Assert.Equal(["s"], document.Sections.Select(section => section.Name));
        Assert.Equal("a#b;c", Value(document.Section("s")!, "url"));
    }

    [Fact]
    public void Brackets_behind_a_key_make_a_list()
    {
        var entries = Read("[allow::hosts]\nhost[] = a\nhost []= b\nother = c\nhost[] =\n").Section("allow::hosts")!.Of("host");
        Assert.Equal(["a", "b", string.Empty], entries.Select(entry => entry.Value.Value));
        Assert.All(entries, entry => Assert.True(entry.IsList));
    }

    [Fact]
    public void Equal_sections_merge_and_the_last_scalar_is_last()
    {
        var document = Read("[a]\nx = 1\n[b]\ny = 2\n[a]\nx = 3\n");
        Assert.Equal(["a", "b"], document.Sections.Select(section => section.Name));
        Assert.Equal(["1", "3"], document.Section("a")!.Of("x").Select(entry => entry.Value.Value));
    }

    [Fact]
    public void Keys_before_any_section_stand_in_the_section_list() => Assert.Equal("1", Value(Read("x = 1\n[a]\ny = 2").Section("list")!, "x"));

    [Fact]
    public void Case_matters() => Assert.Null(Read("[Server]\n").Section("server"));

    [Fact]
    public void Bytes_that_are_no_text_are_kept()
    {
        byte[] line = [(byte)'p', (byte)'=', (byte)'/', 0xE9, 0xFF, (byte)'\n'];
        var document = Assert.IsType<IniResult.Read>(IniReader.Parse("f", line)).Document;
        Assert.Equal("/\uDCE9\uDCFF", Value(document.Section("list")!, "p"));
    }

    [Fact]
    public void Everything_has_its_place()
    {
        var section = Read("\n  [ allow::hosts ]\n   host[]  =   a b\nx=\n").Section("allow::hosts")!;
        Assert.Equal("f:2:5", section.Position.ToString());
        Assert.Equal("f:3:4", section.Entries[0].Key.Position.ToString());
        Assert.Equal("f:3:16", section.Entries[0].Value.Position.ToString());
        Assert.Equal("f:4:3", section.Entries[1].Value.Position.ToString());
    }

    [Fact]
    public void All_errors_come_at_once_and_quote_no_secret()
    {
        var errors = Failed("[server\nkey_cipher s3cret\nkey_cipher:s3cret\n = x\nok = 1\n[]= 2\n\u001b[31m\n");
        Assert.Equal(
            [
                "f:1:1: neither [section] nor key = value: '[server'",
                "f:2:1: neither [section] nor key = value: 'key_cipher …'",
                "f:3:1: neither [section] nor key = value: 'key_cipher …'",
                "f:4:2: no key before '='",
                "f:6:1: no key before '='",
                "f:7:1: neither [section] nor key = value: '\\x1b[31m'",
            ],
            errors);
    }

    [Fact]
    public void A_file_of_something_else_gives_a_bounded_list()
    {
        string[] errors = Failed(string.Concat(Enumerable.Repeat("x\n", 5000)));
        Assert.Equal(IniReader.MaxErrors + 1, errors.Length);
        Assert.Equal("f: 4950 more lines like these; is this a configuration file?", errors[^1]);
    }

    [Fact]
    public void A_file_over_the_limit_is_an_error()
    {
        byte[] bytes = new byte[ConfigFile.MaxBytes + 1];
        Array.Fill(bytes, (byte)'\n');
        Assert.IsType<IniResult.Read>(IniReader.Parse("f", bytes.AsSpan(1)));
        Assert.Contains("larger than 4 MiB", Assert.Single(Assert.IsType<IniResult.Failed>(IniReader.Parse("f", bytes)).Errors).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Random_bytes_never_throw_and_every_place_is_in_the_file()
    {
        var random = new Random(20261122);
        byte[] alphabet = "[]=;#\n\r \t\0ab\"'\u00e9\uFEFF"u8.ToArray();
        for (int round = 0; round < 20_000; round++)
        {
            byte[] bytes = new byte[random.Next(60)];
            random.NextBytes(bytes);
            if (round % 2 == 0)
            {
                for (int i = 0; i < bytes.Length; i++)
                {
                    bytes[i] = alphabet[bytes[i] % alphabet.Length];
                }
            }

            string[] lines = ByteText.FromBytes(bytes.AsSpan().StartsWith("\uFEFF"u8) ? bytes.AsSpan(3) : bytes).Split('\n');
            var places = IniReader.Parse("f", bytes) switch
            {
                IniResult.Read(var document) => document.Sections.SelectMany(section => section.Entries).SelectMany(entry => Places(entry, lines)),
                IniResult.Failed(var errors) => errors.Select(error => error.Position),
                _ => [],
            };
            Assert.All(places, place => Assert.InRange(place.Column, 1, lines[place.Line - 1].Length + 1));
        }
    }

    [Fact]
    public void Four_MiB_of_anything_are_read_in_linear_time()
    {
        foreach (string pattern in (string[])["a", "[", "]", "=", "a=b\n", "[a]\n", "x\n", " ", "a[]=\n", "\uFFFF", "a = \"'\\ \n"])
        {
            byte[] bytes = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(pattern, 4_000_000 / Encoding.UTF8.GetByteCount(pattern))));
            var watch = Stopwatch.StartNew();
            _ = IniReader.Parse("f", bytes);
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"{pattern}: {watch.Elapsed}");
        }
    }

    private static IEnumerable<Position> Places(IniEntry entry, string[] lines)
    {
        // What stands at its place is the thing itself.
        Assert.Equal(entry.Key.Value, lines[entry.Key.Position.Line - 1].Substring(entry.Key.Position.Column - 1, entry.Key.Value.Length));
        Assert.Equal(entry.Value.Value, lines[entry.Value.Position.Line - 1].Substring(entry.Value.Position.Column - 1, entry.Value.Value.Length));
        return [entry.Key.Position, entry.Value.Position];
    }

    private static IniDocument Read(string text) => Assert.IsType<IniResult.Read>(IniReader.Parse("f", Encoding.UTF8.GetBytes(text))).Document;

    private static string[] Failed(string text) =>
        Assert.IsType<IniResult.Failed>(IniReader.Parse("f", Encoding.UTF8.GetBytes(text))).Errors.Select(error => error.ToString()).ToArray();

    private static string Value(IniSection section, string key) => section.Of(key)[^1].Value.Value;
}

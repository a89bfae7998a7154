using System.Text;
using Deploy.Config;
using Deploy.Config.Toml;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Deploy.Tests.Config.Toml;

/// <summary>What holds of every document; the seeds are fixed, so a failure comes again.</summary>
public class TomlPropertyTests
{
    private static readonly FsCheck.Config Checks = FsCheck.Config.QuickThrowOnFailure.WithReplay(20261122, 3).WithMaxTest(2000).WithEndSize(30);

    /// <summary>Statements with one mistake each: none may cost what stands before or after it.</summary>
    private static readonly string[] Mistakes =
    [
        "zz = on", "zz = 5s", "zz = 10.0.0.1", "zz = C:\\dir", "zz = \"C:\\dir\"", "zz = \"never", "zz = 'never", "zz = ", "zz", "zz 3", "zz: 3", "zz[] = 3", "; zz = [",
        "// zz", "zz zz = [\n\"x\",\n]", "zz = [1, 2", "zz = [\n\"a\",\n\"b\",", "zz = [[1], [2]", "zz = [\n\"a\"\n\"b\"\n]", "zz = [\"a, \"b\"]", "zz = [1,,2]", "zz = [a\n]",
        "zz = [[\na a\n]]", "zz = { x = 1", "zz = { x = 1,\n y = 2 }", "zz = {\nx = 1\n}", "zz = { x = on }", "zz = { x = 1, }", "zz = [{ x = 1 ]", "zz = \"\"\"\n\\q [\n\"\"\"",
        "zz = 2026-02-30", "zz = don't [x", "zz == 1", "= 1", "zz. = 1", "zz = 1 # \u0001", "zz.a = [\n{ a = b }, # [\n]",
    ];

    private static readonly string[] Pieces =
    [
        "\"", "\"\"\"", "'", "'''", "[", "]", "[[", "]]", "{", "}", ",", "=", ".", "#", "\n", "\r", "\r\n", "\\", "\\u", " ", "\t", "\0", "\u007f", "é", "🙂", "\uFEFF",
        "a", "a = ", "[a]\n", "[[a.b]]\n", "1", "-", "_", "0x", "1e", "inf", "true", "2026-01-01", "12:00:00", "T", "Z", "\na = [", "\na = {", "\na = \"\"\"\n", "a.b.c",
    ];

    [Fact]
    public void A_document_that_was_made_is_read_as_it_was_meant() => Prop.ForAll(TomlGen.Document.ToArbitrary(), made =>
    {
        var document = Parse(made.Text);
        Assert.Equal([], document.Errors);
        Assert.Equal(made.Shape, TomlPrinter.Shape(document.Root));
    }).Check(Checks);

    [Fact]
    public void What_stands_at_the_place_of_a_value_is_the_value() => Prop.ForAll(TomlGen.Document.ToArbitrary(), made =>
    {
        string text = made.Text;
        int[] lineBegins = [0, .. text.Select((unit, index) => (unit, index)).Where(at => at.unit == '\n').Select(at => at.index + 1)];
        Check(Parse(text).Root);

        string At(Position position) => text[(lineBegins[position.Line - 1] + position.Column - 1)..];

        void Check(TomlValue.Table table)
        {
            foreach (var entry in table.Entries)
            {
                string key = At(entry.Key.Position);
                Assert.True(key[0] is '"' or '\'' ? IsSame(entry.Key.Position, new TomlValue.Text(entry.Key.Value, default)) : key.StartsWith(entry.Key.Value, StringComparison.Ordinal), key);
                switch (entry.Value)
                {
                    case TomlValue.Table below when At(below.Position)[0] != '{':
                        Assert.Equal(entry.Key.Position, below.Position);
                        Check(below);
                        break;
                    case TomlValue.List tables when At(tables.Position)[0] != '[':
                        Assert.Equal(entry.Key.Position, tables.Position);
                        Assert.All(tables.Items, item => Check((TomlValue.Table)item));
                        break;
                    default:
                        Assert.True(IsSame(entry.Value.Position, entry.Value), $"{entry.Value.Position}: {TomlPrinter.Shape(entry.Value)}");
                        break;
                }
            }
        }

        // Reading from there gives the value; what stands after it is another matter.
        bool IsSame(Position position, TomlValue value) => Parse("v = " + At(position)).Root.Find("v") is { } read && TomlPrinter.Shape(read.Value) == TomlPrinter.Shape(value);
    }).Check(Checks.WithMaxTest(500));

    [Fact]
    public void One_mistake_is_one_error_and_costs_nothing_else() => Prop.ForAll(
        (from made in TomlGen.PlainDocument
         from mistake in Gen.Elements(Mistakes)
         from at in Gen.Choose(0, made.Statements.Count)
         select (made, mistake, at)).ToArbitrary(),
        given =>
        {
            var (made, mistake, at) = given;
            var broken = made with { Statements = [.. made.Statements.Take(at), mistake, .. made.Statements.Skip(at)] };
            int first = 1 + string.Concat(made.Statements.Take(at).Select(statement => statement + "\n")).Count(unit => unit == '\n');
            var document = Parse(broken.Text);
            var error = Assert.Single(document.Errors);
            Assert.InRange(error.Position.Line, first, first + mistake.Count(unit => unit == '\n'));
            Assert.Equal(made.Shape, TomlPrinter.Shape(Without(document.Root, "zz")));
        }).Check(Checks);

    [Fact]
    public void Random_pieces_and_bytes_never_throw_and_every_place_is_in_the_file() => Prop.ForAll(
        Gen.OneOf(
            Gen.Elements(Pieces).ListOf().Select(pieces => Encoding.UTF8.GetBytes(string.Concat(pieces))),
            ArbMap.Default.GeneratorFor<byte[]>(),
            from pieces in Gen.Elements(Pieces).ListOf()
            from bytes in ArbMap.Default.GeneratorFor<byte[]>()
            select (byte[])[.. Encoding.UTF8.GetBytes(string.Concat(pieces)), .. bytes, .. "\n"u8]).ToArbitrary(),
        Holds).Check(Checks.WithMaxTest(10_000).WithEndSize(60));

    [Fact]
    public void Documents_with_something_changed_never_throw_and_every_place_is_in_the_file() => Prop.ForAll(
        (from made in TomlGen.Document
         from changes in Gen.Choose(0, 9999).SelectMany(begin => Gen.Choose(0, 8).SelectMany(length => Gen.Elements(Pieces).Select(piece => (begin, length, piece)))).NonEmptyListOf()
         select changes.Take(4).Aggregate(Encoding.UTF8.GetBytes(made.Text), (bytes, change) => Changed(bytes, change.begin, change.length, change.piece))).ToArbitrary(),
        Holds).Check(Checks.WithMaxTest(10_000));

    private static byte[] Changed(byte[] bytes, int place, int length, string piece)
    {
        int begin = place % (bytes.Length + 1);
        int end = Math.Min(bytes.Length, begin + length);
        return (place % 3) switch
        {
            0 => [.. bytes.AsSpan(0, begin), .. bytes.AsSpan(end)],
            1 => [.. bytes.AsSpan(0, begin), .. Encoding.UTF8.GetBytes(piece), .. bytes.AsSpan(begin)],
            _ => [.. bytes.AsSpan(0, begin), .. bytes.AsSpan(begin, end - begin), .. bytes.AsSpan(begin)],
        };
    }

    /// <summary>What holds whatever the bytes are.</summary>
    private static void Holds(byte[] bytes)
    {
        var document = TomlReader.Parse("f", bytes);
        Assert.Empty(TomlPlaces.Outside(document, bytes));
        Assert.InRange(document.Errors.Count, 0, TomlReader.MaxErrors + 1);
        var places = document.Errors.Select(error => (Line: error.Position.Line == 0 ? int.MaxValue : error.Position.Line, error.Position.Column)).ToList();
        Assert.Equal(places.Order(), places);
        Assert.Equal(document.Errors.Count, document.Errors.Distinct().Count());
        Assert.All(document.Errors, error => Assert.DoesNotContain('\n', error.ToString()));

        // Every string is valid UTF-16.
        string shape = TomlPrinter.Shape(document.Root);
        Assert.Equal(shape, new UTF8Encoding(false, true).GetString(new UTF8Encoding(false, true).GetBytes(shape)));
    }

    private static TomlValue.Table Without(TomlValue.Table table, string key) => new(
        [
            .. table.Entries.Where(entry => entry.Key.Value != key).Select(entry => entry.Value switch
            {
                TomlValue.Table below => entry with { Value = Without(below, key) },
                TomlValue.List list => entry with { Value = new TomlValue.List([.. list.Items.Select(item => item is TomlValue.Table below ? Without(below, key) : item)], list.Position) },
                _ => entry,
            }),
        ],
        table.Position);

    private static TomlDocument Parse(string text) => TomlReader.Parse("f", Encoding.UTF8.GetBytes(text));
}

using System.Text;
using Deploy.Config.Toml;
using Xunit;

namespace Deploy.Tests.Config.Toml;

/// <summary>What a person is told: broken texts and their messages, side by side in TomlMessages.verified.txt.</summary>
public class TomlMessageTests
{
    /// <summary>What is broken, and the text. Each mistake is one message: a message more is a change to read with care.</summary>
    private static readonly (string About, string Text)[] Broken =
    [
        ("a word for a boolean, and the rest is read", "[agent]\nbackground = on\nport = 3440\nverbose = True\nuser = null\n"),
        ("text without quotes, a duration, an address and a size", "name = web\ntimeout = 5s\naddress = 10.0.0.1\nnetwork = 10.0.0.0/8\nsize = 10MiB\n"),
        ("a secret without quotes is not quoted in the message", "[legacy]\nkey_cipher = s3cret!\n"),
        ("text without quotes of several words and brackets", "motd = don't [panic\nport = 1\n"),
        ("a path of Windows without quotes", "path = C:\\dir\n"),
        ("a path of Windows in double quotes", "a = \"C:\\Users\\d\"\nb = \"C:\\dir\"\nc = \"C:\\temp\\\"\nd = 1\n"),
        ("escapes", "a = \"\\e\"\nb = \"\\uD800\"\nc = \"\\u12\"\nd = \"\"\"\n\\q\n\"\"\"\n"),
        ("a list as in INI", "[allow]\nhosts[] = 10.0.0.1\nhosts[] = 10.0.0.2\n"),
        ("comments as in INI and C", "; a comment with = and [ in it\nport = 1 ; the port\n// no\nname = \"a\" // no\n"),
        ("an empty value as in INI", "rsync =\nuser = # nobody\n"),
        ("a line that is nothing", "[agent]\nport 3440\nport\nport: 3440\n[agent.x]\n"),
        ("a key that stands twice", "port = 1\nname = \"a\"\nport = 2\n\"port\" = 3\n"),
        ("a table that stands twice: its keys are read as one", "[log]\nlevel = \"info\"\n\n[log]\nerror = \"stderr\"\nlevel = \"debug\"\n"),
        ("a table and a list of tables of one name", "[[sync]]\na = 1\n[sync]\nb = 2\n[log]\n[[log]]\nlevel = 1\n"),
        ("a table where a value stands", "[agent]\nname = \"a\"\n[agent.name]\nx = 1\n[[agent.name]]\n[agent.name.y]\n"),
        ("keys with dots where they may not stand", "[a.b]\nx = 1\n[a]\nb.y = 2\nc = 3\nc.d = 4\ne = { f = 1 }\ne.g = 2\nh.i = 1\n[a.h]\n[a.e.k]\n"),
        ("what is complete", "list = []\n[[list]]\n[list.x]\ntable = { }\n"),
        ("a header that does not close", "[agent\nport = 1\n[[list]\nx = 1\n[log # here\ny = 1\n"),
        ("headers that are none", "[]\n[[]]\n[ [a]]\n[a b]\n[a.]\n[a..b]\n[.a]\n[a] b = 1\n[\n[web-[001-040]]\n[abc = 1\n"),
        ("keys that are none", "= 1\na b = 2\na.b. = 3\n.a = 4\nµ = 5\n\"\"\"a\"\"\" = 6\n!x = 7\na/b = 8\n{ \"a\": 1 }\n"),
        ("too many equals signs", "a = = 1\nb == 1\nc = d = 1\n"),
        ("more than one value on a line", "a = 1 b = 2\nc = \"say \"hi\"\"\nd = 1, 2\ne = \"a\" \"b\"\n"),
        ("a string that does not close", "name = \"web\nport = 3440\nuser = 'x\n\"key = 1\n"),
        ("a string of several lines that does not close: one error, however much follows", "a = 1\nb = \"\"\"\nc = \nd e f\n[x\n"),
        ("a list that does not close before a key", "[allow]\nhosts = [\n  \"a\",\n  \"b\",\npaths = [\"/srv\"]\n[log]\nlevel = on\n"),
        ("a list that does not close before a header, quoted key or the end", "a = [1, 2\n[log]\nb = [ [1, 2],\n\"c d\" = 1\nd = [\n\"x\"\n"),
        ("a list with words in it: each is told", "hosts = [\n  web1,\n  \"web2\",\n  web3 # three\n]\nport = x\n"),
        ("a list with text in it", "hosts = [\n  \"a\",\n  I don't belong,\n  \"b\",\n]\nport = 1\n"),
        ("a list without a comma", "hosts = [\n  \"a\"\n  \"b\",\n  \"c\"\n]\nport = 1\nx = [1 2 3]\ny = [1,,2]\nz = [,]\n"),
        ("a list with a string that does not close", "hosts = [\"a, \"b\"]\nmore = [\"a\", \"b]\nports = [\n  \"a,\n  \"b\",\n]\nport = on\n"),
        ("braces over several lines", "verb = {\n  enum = [\"a\"],\n  x = 1\n}\nnext = on\npoint = { x = 1,\n  y = 2 }\nlast = { z = 1\n}\nend = off\n"),
        ("braces that do not close", "a = { x = 1\nb = { x = \"1, y = 2 }\nc = on\nd = [{ key = 42\ne = 1\nf = [1, { a = 1]\ng = {\nh = 1\n[i]\nj = off\n"),
        ("braces with something wrong in them", "a = { x = 1, }\nb = { x = 1 y = 2 }\nc = { , }\nd = { x }\ne = { x = on, y = off }\nf = { x = 1, x = 2 }\ng = { 1, 2 }\n"),
        ("numbers", "a = 0755\nb = 1__0\nc = 5.\nd = .5\ne = 1e\nf = 0xZZ\ng = 0x\nh = -0x1\ni = 9223372036854775808\nj = 1e999\nk = 0b2\nl = 1_\nm = 0X1F\nn = 1.2.3\no = +Inf\np = NaN\n"),
        ("dates and times", "a = 2026-02-29\nb = 2026-13-01\nc = 2026-1-1\nd = 2026-01-01T24:00:00Z\ne = 2026-01-01 00:61:00\nf = 12:30\ng = 12:30:61\nh = 2026-01-01T00:00:00+25:00\ni = 2026-01-01T\nj = 12:30:00.\nk = 2026-01-01T00:00:00CET\n"),
        ("quotes of a word processor", "name = “web”\n“key” = 1\n"),
        ("a fault in a value that goes on over lines is one error", "a b = [\n  \"x\",\n  \"y\",\n]\nc = \"\"\"\ntext\n\"\"\" x\nd e = \"\"\"\ntext = [\n\"\"\"\nf = on\n"),
        ("characters that may stand nowhere", "a = \"\u0007\"\n# \u0000 here\nb = 1\u000b\nc = '\u007f'\n\u0001 = 1\nd = \u0002\ne = 1 # \r x\n"),
        ("what could forge a line of its own is made safe", "[\"\u001b[31m\nport = 1\n\"\u001b[31m\" = 1\n\"\u001b[31m\" = 2\n"),
        ("a long key is cut", $"{new string('k', 60)} = 1\n{new string('k', 60)} = 2\n"),
        ("columns are UTF-16 units, tabs are one", "\t\"🙂é\" = on\n"),
        ("many mistakes of one file at once", "port = on\n[agent\nname = web\n[agent.x]\na = \"\\d\"\nb = [1 2]\na = 1\nc = 2026-02-30\n"),
    ];

    [Fact]
    public void Each_broken_text_has_the_messages_that_a_person_has_read()
    {
        var golden = new StringBuilder();
        foreach (var (about, text) in Broken)
        {
            var document = TomlReader.Parse("agent.toml", Encoding.UTF8.GetBytes(text));
            Assert.NotEmpty(document.Errors);
            golden.Append("### ").Append(about).Append('\n');
            int number = 0;
            foreach (string line in text.TrimEnd('\n').Split('\n'))
            {
                golden.Append($"{++number,3} | ").Append(Visible(line)).Append('\n');
            }

            foreach (var error in document.Errors)
            {
                golden.Append(error).Append('\n');
            }

            golden.Append("left: ").Append(Visible(TomlPrinter.Shape(document.Root))).Append("\n\n");
        }

        Golden.Golden.Verify(golden.ToString(), "TomlMessages");
    }

    private static string Visible(string text) =>
        string.Concat(text.Select(unit => unit is < ' ' or '\u007f' ? $"\\x{(int)unit:x2}" : unit.ToString()));
}

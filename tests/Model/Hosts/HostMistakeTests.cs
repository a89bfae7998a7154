using System.Text;
using Deploy.Model.Hosts;
using Xunit;

namespace Deploy.Tests.Model.Hosts;

/// <summary>What is said of a text that names no hosts, with a mark under the place.</summary>
public class HostMistakeTests
{
    private const string Job = "01ARZ3NDEKTSV4RRFFQ69G5FAV";

    private static readonly string[] Wrong =
    [
        "!web-07", "&web", "web,!", "web,& ,db", "web-[01-20]!web-07", "web&db", "web,!!db",
        "a b", "web/1", "web-\u00e9", "web-\ud83d\ude00", "web\e[31m", "web*", "-web", "web,-x", "a]", "a(1)",
        "web-[01-20", "web-[01-20,db-1", "web-[]", "web-[1,,2]", "web-[,1]", "web-[1-]", "web-[-1]", "web-[1-2-3]", "web-[1 ,2]", "web-[a-c]", "web-[1-9/2]", "web-[[1]]", "web-[web1]",
        "web-[20-01]", "web-[3-1]", "web-[1-020]", "web-[01-120]", "web-[001-20]", "web-[00-9]", "web-[1-1000000000]", "web-[0000000001]",
        "a[1][2][3][4][5]", "web-[1-999999999]",
        "web:", "web:0", "web:65536", "web:http", "web:+80", ":3440", "web-[1-2]:x", "web,!web:3440", "web,&web:3440",
        "[::1", "[::1]80", "[::1]:0", "[::x]", "[:]", "1::2::3", "web:80:90", "web,!::1,!x:y:z", "[web1]", "[1.2.3.4]",
        "@", "@,a", "web,!@", "@web:x", "@web/x", "@job:", "@job:x.failed", $"@job:{Job}", $"@job:{Job}.", $"@job:{Job}.done", $"@job:{Job}.Failed", $"@job:{Job}.failed.x",
    ];

    [Fact]
    public void Mistakes_say_what_and_where_and_what_is_expected()
    {
        var text = new StringBuilder();
        foreach (string wrong in Wrong)
        {
            Assert.False(HostExpression.TryParse(wrong, ports: true, out _, out var mistake), wrong);
            Append(text, wrong, mistake);
        }

        Assert.False(HostExpression.TryParse("web,db:3440", ports: false, out _, out var port));
        Append(text, "web,db:3440", port);
        foreach (string list in (string[])["web,!db", "@web", "web,db:1", "web,[1-"])
        {
            Assert.False(FrozenHosts.TryParse(list, out _, out var mistake), list);
            Append(text, "frozen " + list, mistake with { Offset = mistake.Offset + "frozen ".Length });
        }

        foreach (string one in (string[])["", "@web", "web,db"])
        {
            Assert.False(HostPattern.TryParse(one, out _, out var mistake), one);
            Append(text, "one " + one, mistake with { Offset = mistake.Offset + "one ".Length });
        }

        Golden.Golden.Verify(text.ToString(), "Mistakes");
    }

    [Fact]
    public void A_long_text_is_not_repeated_and_a_longer_one_is_not_read()
    {
        Assert.False(HostExpression.TryParse(new string('a', 254), ports: true, out _, out var name));
        Assert.Equal("a name of 254 letters", name.What);
        Assert.False(HostExpression.TryParse($"{new string('a', 251)}[1-100]", ports: true, out _, out var range));
        Assert.Equal("a name of 254 letters", range.What);
        Assert.False(HostExpression.TryParse(new string('a', 300) + ":b:c", ports: true, out _, out var address));
        Assert.InRange(address.What.Length, 1, 80);
        Assert.False(HostExpression.TryParse(new string(',', (256 * 1024) + 1), ports: true, out _, out var text));
        Assert.Equal((256 * 1024, "longer than 256 KiB"), (text.Offset, text.What));
        Assert.True(HostExpression.TryParse(new string(',', 256 * 1024), ports: true, out _, out _));
    }

    private static void Append(StringBuilder text, string wrong, HostMistake mistake)
    {
        Assert.InRange(mistake.Offset, 0, wrong.Length);
        string shown = wrong.Replace("\e", "E", StringComparison.Ordinal);
        text.Append(shown).Append('\n').Append(' ', mistake.Offset).Append("^ ").Append(mistake.What).Append("\n  ").Append(mistake.Expected).Append('\n');
    }
}

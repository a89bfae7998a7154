using Deploy.Model;
using Deploy.Model.Hosts;
using Xunit;

namespace Deploy.Tests.Model.Hosts;

public class HostExpressionTests
{
    [Theory]
    [InlineData("web-01", "web-01")]
    [InlineData("[01-20]", "01 02 03 04 05 06 07 08 09 10 11 12 13 14 15 16 17 18 19 20")]
    [InlineData("a[1-3]", "a1 a2 a3")]
    [InlineData("a[0-2]", "a0 a1 a2")]
    [InlineData("a[8-11]", "a8 a9 a10 a11")]
    [InlineData("a[08-12]", "a08 a09 a10 a11 a12")]
    [InlineData("a[098-102]", "a098 a099 a100 a101 a102")]
    [InlineData("a[99-101]", "a99 a100 a101")]
    [InlineData("a[1-3,7,09-11]", "a1 a2 a3 a7 a09 a10 a11")]
    [InlineData("a[7]", "a7")]
    [InlineData("a[007]", "a007")]
    [InlineData("a[3,1,3]", "a3 a1")]
    [InlineData("a[1-2]b", "a1b a2b")]
    [InlineData("a[1-2]3", "a13 a23")]
    [InlineData("a[1-2][0-1]", "a10 a11 a20 a21")]
    [InlineData("r[1-2]-n[01-02].x", "r1-n01.x r1-n02.x r2-n01.x r2-n02.x")]
    [InlineData("127.0.1.[9-11]", "127.0.1.9 127.0.1.10 127.0.1.11")]
    [InlineData("10.[0-1].0.[1-2]", "10.0.0.1 10.0.0.2 10.1.0.1 10.1.0.2")]
    [InlineData("web-[01-02]:3440", "web-01:3440 web-02:3440")]
    [InlineData("[1-2]:3440", "1:3440 2:3440")]
    [InlineData("::1", "::1")]
    [InlineData("[::1]", "[::1]")]
    [InlineData("[::1]:3440", "[::1]:3440")]
    [InlineData("::ffff:10.0.0.1", "::ffff:10.0.0.1")]
    [InlineData("[::1],::1,[::1]:7", "[::1] [::1]:7")]
    [InlineData("web_1.example.net", "web_1.example.net")]
    [InlineData("1", "1")]
    [InlineData("Web-1,wEB-1,web-2", "Web-1 web-2")]
    [InlineData(" a , b\t,\r\nc ", "a b c")]
    [InlineData(",,a,, ,b,", "a b")]
    [InlineData("", "")]
    [InlineData(" , ", "")]
    [InlineData("b,a,b", "b a")]
    [InlineData("a[1-4],!a2", "a1 a3 a4")]
    [InlineData("a[1-4],!a[2-3],a3", "a1 a4 a3")]
    [InlineData("a[1-4],!A2", "a1 a3 a4")]
    [InlineData("a[1-4],&a[3-9]", "a3 a4")]
    [InlineData("a[1-4],&a[3-9],&a4", "a4")]
    [InlineData("a[1-4],b,&a[3-9],b", "a3 a4 b")]
    [InlineData("a[1-4],!a1,!a2", "a3 a4")]
    [InlineData("a[1-4], ! a2 , & a[1-3]", "a1 a3")]
    [InlineData("a[01-04],!a2", "a01 a02 a03 a04")]
    [InlineData("a,!b", "a")]
    [InlineData("a,!a", "")]
    [InlineData("a[1-2]:99,a1,!a1", "a2:99")]
    [InlineData("a[1-2]:99,&a1", "a1:99")]
    [InlineData("[::1]:99,a,!::1", "a")]
    public void A_text_names_hosts_in_the_order_in_which_they_come(string text, string hosts) => Assert.Equal(hosts, string.Join(' ', HostGen.Resolve(text)));

    [Fact]
    public void A_long_list_is_read_as_its_parts_are_and_a_scheme_is_found_where_it_stands()
    {
        string[] names = [.. Enumerable.Range(0, 30_000).Select(number => $"w{number}")];
        string text = string.Join(',', names);
        Assert.Equal(string.Join(' ', names), string.Join(' ', HostGen.Resolve(text)));
        Assert.False(HostExpression.TryParse($"{text},http://x", ports: true, out _, out var mistake));
        Assert.Equal(text.Length + 1, mistake!.Offset);
        Assert.StartsWith("'http://' in front of a host", mistake.What, StringComparison.Ordinal);
    }

    [Fact]
    public void Four_bracket_parts_253_letters_and_nine_digits_are_allowed()
    {
        Assert.Equal(16, HostGen.Resolve("10[0-1].[0-1].[0-1].[0-1]").Count);
        Assert.Equal(["x999999998", "x999999999"], HostGen.Resolve("x[999999998-999999999]"));
        Assert.Single(HostGen.Resolve(new string('a', 253) + ":65535"));
        Assert.Equal(100_000, HostGen.Resolve("a[00000-99999]").Count);
        Assert.Equal(100_000, HostGen.Resolve("a[00000-99999],a[00000-99999],a[00000-99999]").Count);
    }

    [Fact]
    public void Groups_and_jobs_are_references_that_the_reader_resolves()
    {
        var id = JobId.New(DateTimeOffset.UnixEpoch);
        var asked = new List<string>();
        Assert.True(HostExpression.TryParse($"@web, db-1,!@job:{id}.failed,&@Web.x_1-y", ports: false, out var expression, out _));
        Assert.True(expression.TryResolve(Find, out var hosts, out _));
        Assert.Equal(["a1", "db-1"], hosts);
        Assert.Equal(["@web", $"@job:{id}.failed", "@Web.x_1-y"], asked);
        Assert.Equal([HostSign.Add, HostSign.Add, HostSign.LeaveOut, HostSign.Keep], expression.Terms.Select(term => term.Sign));
        Assert.Equal([0, 6, 11, 51], expression.Terms.Select(term => term.Offset));

        HostSet Find(HostReference reference)
        {
            asked.Add(reference.ToString());
            return HostSet.Of(reference is JobReference ? ["a2"] : reference is GroupReference { Name: "web" } ? ["a1", "a2"] : ["a1", "db-1", "z"]);
        }
    }

    [Fact]
    public void A_reference_that_nobody_knows_is_a_mistake_that_carries_it()
    {
        Assert.True(HostExpression.TryParse("a,@b", ports: false, out var expression, out _));
        Assert.False(expression.TryResolve(_ => null, out _, out var mistake));
        Assert.Equal((2, new GroupReference("b")), (mistake.Offset, mistake.Unknown));
    }

    [Fact]
    public void One_pattern_is_a_host_or_a_name_with_ranges_and_nothing_else()
    {
        Assert.True(HostPattern.TryParse(" web-[001-040] ", out var pattern, out _));
        Assert.Equal(40, pattern.Count);
        Assert.True(pattern.Contains("WEB-040"));
        Assert.False(pattern.Contains("web-41"));
        foreach (var (text, offset) in new[] { ("", 0), ("a,b", 2), ("@a", 0), ("a,!b", 2), ("a:1", 1), ("a[", 1) })
        {
            Assert.False(HostPattern.TryParse(text, out _, out var mistake));
            Assert.Equal((text, offset), (text, mistake.Offset));
        }
    }

    [Fact]
    public void Too_many_hosts_are_refused_before_they_take_memory()
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        foreach (string text in (string[])["a[1-999999999]", "a[0-99999,5]", "a[1-99999][1-99999][1-99999][1-99999]", "[1-999999999][1-999999999][1-999999999][1-999999999]"])
        {
            Assert.False(HostExpression.TryParse(text, ports: false, out _, out var mistake));
            Assert.Contains("more than 100000 hosts", mistake.What, StringComparison.Ordinal);
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }

    [Theory]
    [InlineData("a[1-60000],b[1-60000]")]
    [InlineData("x,!a[1-60000],!b[1-60000]")]
    public void Many_patterns_together_are_refused_as_one_is(string text)
    {
        Assert.True(HostExpression.TryParse(text, ports: false, out var expression, out _));
        Assert.False(expression.TryResolve(_ => null, out _, out var mistake));
        Assert.Contains("more than 100000 hosts", mistake.What, StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_that_repeats_itself_is_refused_before_it_takes_time()
    {
        var all = HostGen.Resolve("a[1-100000]");
        foreach (string piece in (string[])["@all,", "@all,!x,", "@all,&@all,"])
        {
            Assert.True(HostExpression.TryParse(string.Concat(Enumerable.Repeat(piece, 20_000)), ports: false, out var expression, out _));
            Assert.False(expression.TryResolve(_ => all, out _, out var mistake));
            Assert.Equal("the same hosts again and again, over 2000000 in all", mistake.What);
        }
    }

    [Fact]
    public void Random_text_never_throws_and_its_mistakes_lie_within_it() => HostGen.Holds(HostGen.Text, text =>
    {
        foreach (bool ports in (bool[])[true, false])
        {
            if (!HostExpression.TryParse(text, ports, out var expression, out var mistake) || !expression.TryResolve(_ => null, out var hosts, out mistake))
            {
                Assert.InRange(mistake.Offset, 0, text.Length);
                Assert.Equal(Deploy.Model.Text.SafeText.Of(mistake.ToString()), mistake.ToString());
                continue;
            }

            Assert.All(hosts, host => Assert.Equal([host], HostGen.Resolve(host)));
        }
    });

    [Fact]
    public void Of_the_random_text_much_is_right_and_much_is_wrong()
    {
        int right = 0, wrong = 0;
        HostGen.Holds(HostGen.Text, text => _ = HostExpression.TryParse(text, ports: true, out _, out _) ? right++ : wrong++);
        Assert.True(right > 100 && wrong > 100, $"{right} right, {wrong} wrong: the generator proves nothing");
    }
}

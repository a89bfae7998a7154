using System.Net;
using Deploy.Model;
using Deploy.Security.Operators;
using Xunit;

namespace Deploy.Tests.Security.Operators;

public class OperatorFileTests
{
    private const string Key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPMFvk3Rt0wPyxjjlPA9pmr52gODpooTqbJ1SBfmTU3t";
    private const string Other = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIH9fmV304X3bwVF+1bx5BAUbhcdtoxe0PerkNicup+Kz";

    [Fact]
    public void A_line_without_options_may_everything()
    {
        var found = One(Key + " alice");
        Assert.Equal("alice", found.Name);
        Assert.Equal(["status", "rlist", "rsync", "rkill", "exec", "allow-delete"], found.Rights.Words);
        Assert.Null(found.Rights.Groups);
        Assert.Null(found.From);
        Assert.Null(found.Expires);
    }

    [Fact]
    public void Options_say_what_where_from_and_until_when()
    {
        var found = One($"orders=\"status,rsync\",groups=\"site,shop-*\",commands=\"nginx-*\",from=\"10.0.0.0/8,192.0.2.7\",expiry-time=\"20270101\" {Key} alice smith");
        Assert.Equal("alice smith", found.Name);
        Assert.Equal(["status", "rsync"], found.Rights.Words);
        Assert.False(found.Rights.AllowDelete);
        Assert.True(found.Rights.Groups!.Fit("shop-eu"));
        Assert.False(found.Rights.Groups.Fit("Site"));
        Assert.True(found.Rights.Commands!.Fit("nginx-reload"));
        Assert.False(found.Rights.Commands.Fit("reboot"));
        Assert.True(found.MayComeFrom(IPAddress.Parse("10.200.0.1")));
        Assert.True(found.MayComeFrom(IPAddress.Parse("::ffff:192.0.2.7")));
        Assert.False(found.MayComeFrom(IPAddress.Parse("192.0.2.8")));
        Assert.Equal(new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero), found.Expires);
    }

    [Theory]
    [InlineData("groups=\"site\" ", "status,rlist,rsync,rkill,allow-delete")]
    [InlineData("commands=\"disk\" ", "exec")]
    [InlineData("commands=\"disk\",groups=\"site\" ", "status,rlist,rsync,rkill,exec,allow-delete")]
    [InlineData("from=\"10.0.0.0/8\" ", "status,rlist,rsync,rkill,exec,allow-delete")]
    [InlineData("orders=\"exec\",groups=\"site\" ", "exec")]
    [InlineData("groups=\"site\",orders=\"status,exec\" ", "status,exec")]
    public void Without_orders_groups_give_those_about_trees_and_commands_give_exec(string options, string may) =>
        Assert.Equal(may, string.Join(',', One(options + Key).Rights.Words));

    [Fact]
    public void A_line_with_a_mistake_names_its_key()
    {
        var (operators, mistakes) = OperatorFile.Parse($"orders=\"stats\" {Key} alice\nrubbish\n");
        Assert.Empty(operators);
        Assert.Equal([One(Key).Key.Fingerprint, null], mistakes.Select(mistake => mistake.Key));
    }

    [Fact]
    public void A_key_that_may_read_gives_no_order()
    {
        var found = One($"orders=\"read\" {Key} proxy-01");
        Assert.Equal(["read"], found.Rights.Words);
        Assert.Empty(found.Rights.Orders);
        Assert.False(found.Rights.AllowDelete);
    }

    [Theory]
    [InlineData("order=\"status\" ", "'order' is no option here")]
    [InlineData("orders=\"Status\" ", "'Status' is no order")]
    [InlineData("orders=\"\" ", "orders is empty")]
    [InlineData("orders=\"status,\" ", "orders is empty, or has an empty word")]
    [InlineData("orders=\"allow-delete\" ", "allow-delete goes with rsync")]
    [InlineData("orders=\"status\",orders=\"rsync\" ", "orders stands there twice")]
    [InlineData("orders=status ", "'orders=status' is no option here")]
    [InlineData("orders=\"status ", "no closing quote")]
    [InlineData("orders=\"status\"", "behind an option")]
    [InlineData("from=\"10.0.0\" ", "from takes addresses")]
    [InlineData("from=\"010.0.0.1\" ", "from takes addresses")]
    [InlineData("from=\"10.0.0.0/33\" ", "from takes addresses")]
    [InlineData("from=\"2/2\" ", "from takes addresses")]
    [InlineData("from=\"10.1/16\" ", "from takes addresses")]
    [InlineData("from=\"010.0.0.0/8\" ", "from takes addresses")]
    [InlineData("from=\"[::1]:99/128\" ", "from takes addresses")]
    [InlineData("expiry-time=\"2027\" ", "expiry-time is a day")]
    [InlineData("expiry-time=\"20271301\" ", "expiry-time is a day")]
    [InlineData("restrict ", "'restrict' is no option here")]
    public void A_mistake_gives_its_line_to_nobody_and_leaves_the_others(string options, string what)
    {
        var (operators, mistakes) = OperatorFile.Parse($"# ours\n\n{options}{Key} alice\n{Other} bob\n");
        Assert.Equal(["bob"], operators.Select(one => one.Name));
        var mistake = Assert.Single(mistakes);
        Assert.Equal(3, mistake.Line);
        Assert.Contains(what, mistake.What, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_that_stands_there_twice_has_what_its_first_line_gives()
    {
        var (operators, mistakes) = OperatorFile.Parse($"orders=\"read\" {Key} alice\n{Key} alice\r\n");
        Assert.Equal(["read"], Assert.Single(operators).Rights.Words);
        Assert.Equal(2, Assert.Single(mistakes).Line);
    }

    [Fact]
    public void No_bytes_of_a_file_bring_the_reader_down()
    {
        var random = new Random(7);
        string[] pieces = [Key, "orders=", "\"", ",", " ", "status", "from=\"10.0.0.0/8\"", "\n", "\r", "\0", "ä", "#", "expiry-time=\"20270101\"", "=\"", "ssh-rsa AAAA"];
        for (int round = 0; round < 20_000; round++)
        {
            string text = string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => pieces[random.Next(pieces.Length)]));
            var (operators, mistakes) = OperatorFile.Parse(text);
            Assert.All(mistakes, mistake => Assert.DoesNotContain('\n', mistake.What));
            Assert.True(operators.Count <= 1, text);
        }
    }

    private static Operator One(string line)
    {
        var (operators, mistakes) = OperatorFile.Parse(line + "\n");
        Assert.Empty(mistakes);
        return Assert.Single(operators);
    }
}

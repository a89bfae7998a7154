using Deploy.Model;
using Deploy.Security.Channel;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.Security.Channel;

public class KnownAgentsTests
{
    private static readonly Pin One = PinTests.Some();
    private static readonly Pin Two = PinTests.Some();

    [Fact]
    public void A_daemon_is_found_by_name_then_by_what_is_dialled_and_only_at_its_port()
    {
        var known = KnownAgents.Parse("k", $"# ours\n\nweb-001 10.2.0.7 3440 {One}\nweb-002\tfd00::7\t3441  {Two} next:{One} # planned\n");
        Assert.Equal(One, known.Find("web-001", "10.9.9.9", 3440)?.Pin);
        Assert.Equal(One, known.Find("WEB-001", "WEB-001", 3440)?.Pin);
        Assert.Equal(One, known.Find("db", "10.2.0.7", 3440)?.Pin);
        Assert.Null(known.Find("web-001", "10.2.0.7", 3441));
        var two = known.Find("x", "FD00::7", 3441)!;
        Assert.Equal((Two, One, "k:4"), (two.Pin, two.Next, two.Place));
        Assert.Null(known.Find("other", "other", 3440));
    }

    [Fact]
    public void A_rewrite_keeps_order_comments_and_every_other_line()
    {
        string text = $"# ours\n\nweb-001  10.2.0.7 3440 {One}   # rack 4\n\t# nothing\nweb-002 web-002 3440 {Two}\n";
        var known = KnownAgents.Parse("k", text);
        Assert.Equal(text, known.ToString());
        var changed = known.With(known.All[0] with { Pin = Two }).With(new KnownAgent("web-003", "web-003", 3440, One));
        Assert.Equal($"# ours\n\nweb-001 10.2.0.7 3440 {Two} # rack 4\n\t# nothing\nweb-002 web-002 3440 {Two}\nweb-003 web-003 3440 {One}\n", changed.ToString());
        Assert.Equal(text, changed.Without(changed.All[2]).With(known.All[0]).ToString().Replace("web-001 10", "web-001  10", StringComparison.Ordinal).Replace(" # rack", "   # rack", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("web-001 10.2.0.7 3440", "it has 3 words")]
    [InlineData("web-001 10.2.0.7 0 @", "'0' is no port")]
    [InlineData("web/001 10.2.0.7 3440 @", "'web/001' is no name")]
    [InlineData("web-001 10.2.0.7 3440 @X", "is no pin")]
    [InlineData("web-001 10.2.0.7 3440 @ nxt:@", "expected next:PIN")]
    [InlineData("web-001 10.2.0.7 3440 @ next:deploy1-A", "expected next:PIN or nothing: it has 1 of 56")]
    [InlineData("web-001 10.2.0.7 3440 @ next:@ x", "it has 6 words")]
    [InlineData("a a 1 @\nA b 1 @", "stands in line 2 already")]
    public void A_line_that_is_none_makes_the_file_unusable_and_is_named(string lines, string why)
    {
        var error = Assert.Throws<UserError>(() => KnownAgents.Parse("dir/known", "# first\n" + lines.Replace("@", One.ToString(), StringComparison.Ordinal) + "\n"));
        Assert.Equal(ExitCodes.Authentication, error.ExitCode);
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
        Assert.StartsWith($"dir/known:{lines.Split('\n').Length + 1}: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_text_is_read_and_printed_as_it_was_or_refused_with_a_line()
    {
        var random = new Random(7);
        string[] pieces = ["web-001", "10.2.0.7", "3440", One.ToString(), "next:" + Two, "#", " ", "\t", "\n", "\r\n", "::1", "\u202e", "\0", "x", "65536", "deploy1-"];
        for (int round = 0; round < 5_000; round++)
        {
            string text = string.Concat(Enumerable.Range(0, random.Next(24)).Select(_ => random.Next(4) == 0 ? $"h{random.Next(99)} a {random.Next(1, 9)} {One}\n" : pieces[random.Next(pieces.Length)]));
            try
            {
                var known = KnownAgents.Parse("k", text);
                Assert.Equal(text.Length == 0 || text.EndsWith('\n') ? text : text + "\n", known.ToString());
                foreach (var agent in known.All)
                {
                    Assert.Equal(agent.Pin, known.Find(agent.Name, "-", agent.Port)?.Pin);
                    Assert.DoesNotContain(agent, known.Without(agent).All);
                }
            }
            catch (UserError error)
            {
                Assert.StartsWith("k:", error.Message, StringComparison.Ordinal);
                Assert.DoesNotContain(error.Message, letter => char.IsControl(letter) || letter == '\u202e');
            }
        }
    }

    [Fact]
    public void A_file_is_written_whole_through_a_link_with_its_mode_and_a_device_never()
    {
        using var folder = new TempFolder();
        Assert.Empty(KnownAgentsFile.Load(folder["none"]).All);
        string real = folder["made/known_agents"];
        KnownAgentsFile.Save(real, KnownAgents.Empty(real).With(new KnownAgent("a", "a", 1, One)));
        File.SetUnixFileMode(real, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.CreateSymbolicLink(folder["link"], real);
        var known = KnownAgentsFile.Load(folder["link"]);
        KnownAgentsFile.Save(folder["link"], known.With(new KnownAgent("b", "b", 1, Two)));
        Assert.NotNull(new FileInfo(folder["link"]).LinkTarget);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(real));
        Assert.Equal(2, KnownAgentsFile.Load(real).All.Count);
        Assert.Single(Directory.GetFileSystemEntries(folder["made"]));
        Assert.Throws<UserError>(() => KnownAgentsFile.Load(folder.Path));
        Assert.Throws<UserError>(() => KnownAgentsFile.Save(folder.Path, known));
    }

    [Theory]
    [InlineData(UnixFileMode.OtherWrite, "0602")]
    [InlineData(UnixFileMode.GroupWrite, "0620")]
    public void A_file_that_others_may_change_proves_nothing(UnixFileMode others, string mode)
    {
        using var folder = new TempFolder();
        string real = folder["made/known_agents"];
        KnownAgentsFile.Save(real, KnownAgents.Empty(real).With(new KnownAgent("a", "a", 1, One)));
        File.SetUnixFileMode(real, UnixFileMode.UserRead | UnixFileMode.UserWrite | others);
        Assert.Equal($"{real} is not used: others may write to it, mode {mode} (chmod go-w {real})", Assert.Throws<UserError>(() => KnownAgentsFile.Load(real)).Message);
    }
}

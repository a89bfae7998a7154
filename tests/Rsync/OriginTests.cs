using Deploy.Rsync;
using Xunit;

namespace Deploy.Tests.Rsync;

public class OriginTests
{
    [Theory]
    [InlineData("rsync://host/mod/a/b", "Daemon host 873 mod a/b")]
    [InlineData("rsync://user@host:8730/mod", "Daemon host 8730 mod ")]
    [InlineData("RSYNC://[::1]:8730/mod/", "Daemon ::1 8730 mod ")]
    [InlineData("rsync://[fe80::1]/mod", "Daemon fe80::1 873 mod ")]
    [InlineData("host::mod/a", "Daemon host 873 mod a")]
    [InlineData("user@host::mod", "Daemon host 873 mod ")]
    [InlineData("[::1]::mod/a", "Daemon ::1 873 mod a")]
    [InlineData("user@[::1]::mod/a", "Daemon ::1 873 mod a")]
    [InlineData("user@host:/srv/x", "RemoteShell host 0  /srv/x")]
    [InlineData("/srv/a:b", "Local  0  /srv/a:b")]
    [InlineData("./a::b", "Local  0  ./a::b")]
    [InlineData("-dash", "Local  0  -dash")]
    [InlineData("", "Local  0  ")]
    [InlineData("rsync://", "Daemon  873  ")]
    public void An_origin_has_its_parts(string origin, string parts)
    {
        var read = Origin.Read(origin);
        Assert.Equal(parts, $"{read.Kind} {read.Host} {read.Port} {read.Module} {read.Path}");
    }

    [Fact]
    public void Any_text_is_read_without_an_exception()
    {
        var random = new Random(20261122);
        const string Chars = "rsync:/[]@-.1a\udc80";
        for (int round = 0; round < 20_000; round++)
        {
            string text = string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => Chars[random.Next(Chars.Length)]));
            Assert.NotNull(Origin.Read(random.Next(2) == 0 ? text : "rsync://" + text));
        }
    }
}

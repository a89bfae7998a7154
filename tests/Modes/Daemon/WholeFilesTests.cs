using System.Text;
using Deploy.Config;
using Deploy.Model;
using Deploy.Modes.Daemon;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.Modes.Daemon;

/// <summary>Files that are written while a daemon reads them.</summary>
public sealed class WholeFilesTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly WholeFiles files = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("[servers]\nweb[] = a\nweb[] = b\n", "[servers]\nweb[] = a\n")]
    [InlineData("[servers]\nweb[] = a\nweb[] = b\n", "[servers]\nweb[] = a\nweb[] = c")]
    [InlineData("a key without a line break", "a key without")]
    [InlineData("[jobs]\ndf = df\n", "")]
    public void A_file_that_another_names_is_not_taken_half_written(string whole, string cut)
    {
        Write("main", "path = api\n");
        Write("api", whole);
        Assert.Equal(whole, Read());
        files.Accept();
        Write("api", cut);
        var error = Assert.Throws<UserError>(Read);
        Assert.StartsWith(folder["api"] + " looks half written", error.Message, StringComparison.Ordinal);
        Write("api", whole + "more\n");
        Assert.Equal(whole + "more\n", Read());
    }

    [Fact]
    public void What_was_refused_is_not_what_is_in_force()
    {
        Write("main", "m\n");
        Write("api", "one\ntwo\n");
        Read();
        files.Accept();
        Write("api", "three\nfour\n"); // read, and refused by the daemon: no Accept
        Read();
        Write("api", "three\n");
        Assert.Equal("three\n", Read());
        Write("api", "one\n");
        Assert.Throws<UserError>(Read);
    }

    [Fact]
    public void At_the_start_every_file_is_taken_as_it_is()
    {
        Write("main", "no line break");
        Write("api", "none");
        Assert.Equal("none", Read());
        files.Accept();
        Assert.Equal("none", Read());
    }

    private void Write(string name, string text) => File.WriteAllText(folder[name], text);

    private string Read() => files.Read(read =>
    {
        Assert.IsType<FileContent.Read>(read(folder["main"]));
        return Encoding.UTF8.GetString(Assert.IsType<FileContent.Read>(read(folder["api"])).Bytes.Span);
    });
}

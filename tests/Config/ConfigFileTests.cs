using Deploy.Config;
using Xunit;

namespace Deploy.Tests.Config;

public class ConfigFileTests
{
    [Fact]
    public void What_cannot_be_read_is_one_clear_line()
    {
        string directory = Directory.CreateTempSubdirectory("deploy-config-").FullName;
        try
        {
            Assert.Equal("no such file", Why(Path.Combine(directory, "none.ini")));
            Assert.Equal("no such file", Why(Path.Combine(directory, "none", "x.ini")));
            Assert.Equal("is a directory, not a file", Why(directory));
            Assert.Equal("not a path", Why(string.Empty));
            Assert.Equal("not a path", Why("a\0b"));
            Assert.Equal("larger than 4 MiB; is this a configuration file?", Why("/dev/zero"));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(64 * 1024)]
    [InlineData(ConfigFile.MaxBytes)]
    public void All_of_a_file_is_read(int length)
    {
        string directory = Directory.CreateTempSubdirectory("deploy-config-").FullName;
        try
        {
            string path = Path.Combine(directory, "a.ini");
            byte[] bytes = new byte[length];
            new Random(1).NextBytes(bytes);
            File.WriteAllBytes(path, bytes);
            Assert.True(Assert.IsType<FileContent.Read>(ConfigFile.Read(path)).Bytes.Span.SequenceEqual(bytes));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Theory]
    [InlineData("prot", "port")]
    [InlineData("Port", "port")]
    [InlineData("keycipher", "key_cipher")]
    [InlineData("socket_timout", "socket_timeout")]
    [InlineData("colour", null)]
    [InlineData("", null)]
    public void The_nearest_name_is_one_that_could_have_been_meant(string name, string? nearest) =>
        Assert.Equal(nearest, NearestName.Find(name, ["port", "addr", "key_cipher", "socket_timeout"]));

    private static string Why(string path) => Assert.IsType<FileContent.Unreadable>(ConfigFile.Read(path)).Why;
}

using System.Runtime.CompilerServices;
using System.Text.Json;
using Deploy.Modes.LegacyNames;
using Xunit;

namespace Deploy.Tests.Modes.LegacyNames;

public class GetoptLongTests
{
    private static readonly GetoptLong Getopt = new(
    [
        new("order"), new("hosts"), new("port"), new("args"), new("options"), new("key-cipher"), new("api-key"), new("ssl-public-key"), new("ipc-path"),
        new("worker-method"), new("thread-timeout"), new("socket-timeout"), new("debug", TakesValue: false), new("verbose", TakesValue: false),
        new("key-cipher-file", Exact: true),
    ]);

    /// <summary>What Getopt::Long of Perl 5.36 made of each line, with the original's options.</summary>
    public static TheoryData<string> Recorded => [.. File.ReadAllLines(Path.Combine(Folder(), "getopt-perl-5.36.ndjson"))];

    [Theory]
    [MemberData(nameof(Recorded))]
    public void It_reads_as_perl_reads(string recorded) => Compare(recorded);

    [Fact]
    public void An_option_of_ours_takes_no_prefix_from_the_originals()
    {
        var parsed = Getopt.Parse(["--key=a", "--key-cipher-file=f"]);
        Assert.Equal(("a", "f"), (parsed.Values["key-cipher"], parsed.Values["key-cipher-file"]));
    }

    private static void Compare(string recorded)
    {
        var line = JsonDocument.Parse(recorded).RootElement;
        var parsed = Getopt.Parse([.. Texts(line, "argv")]);
        Assert.Equal(line.GetProperty("values").EnumerateObject().ToDictionary(value => value.Name, value => value.Value.ToString()), parsed.Values);
        Assert.Equal(Texts(line, "rest"), parsed.Rest);
        Assert.Equal(Texts(line, "warnings"), parsed.Warnings);
    }

    private static string Folder([CallerFilePath] string thisFile = "") => Path.GetDirectoryName(thisFile)!;

    private static IEnumerable<string> Texts(JsonElement line, string name) => line.GetProperty(name).EnumerateArray().Select(text => text.GetString()!);
}

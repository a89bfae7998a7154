using System.Text;
using Deploy.Config.Toml;
using Deploy.Modes.Binding.Toml;
using Xunit;

namespace Deploy.Tests.Modes.Binding;

public class TomlNameTests
{
    [Theory]
    [InlineData("", "port", "port")]
    [InlineData("hosts", "web-01", "hosts.web-01")]
    [InlineData("hosts", "web-[01-20]", "hosts.\"web-[01-20]\"")]
    [InlineData("sync", "a.b", "sync.\"a.b\"")]
    [InlineData("sync", "", "sync.\"\"")]
    [InlineData("sync", "say \"x\\y\"", "sync.\"say \\\"x\\\\y\\\"\"")]
    [InlineData("sync", "é", "sync.\"é\"")]
    public void A_key_is_in_quotes_where_it_must_be_and_reads_as_itself(string table, string key, string name)
    {
        Assert.Equal(name, TomlName.Join(table, key));
        var document = TomlReader.Parse("f", Encoding.UTF8.GetBytes($"{name} = 1\n"));
        Assert.Empty(document.Errors);
        var root = table.Length == 0 ? document.Root : (TomlValue.Table)document.Root.Find(table)!.Value;
        Assert.Equal(key, Assert.Single(root.Entries).Key.Value);
    }
}

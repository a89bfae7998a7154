using Deploy.Processes.Leftovers;
using Xunit;

namespace Deploy.Tests.Processes.Leftovers;

#pragma warning disable CA1416 // Linux alone.
public class RecordsDirectoryTests
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    [Fact]
    public void It_is_made_for_its_owner_alone_and_so_are_its_files()
    {
        using var scratch = new Scratch();
        using var directory = RecordsDirectory.TryOpen(scratch["new/records"], out _);
        Assert.NotNull(directory);
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(scratch["new/records"]));
        Assert.Equal(0, directory.Write("7.child", "text"u8));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(scratch["new/records/7.child"]));
        Assert.Equal(["7.child"], directory.Names());
        directory.Remove("7.child");
        directory.Remove("7.child");
        Assert.Empty(directory.Names());
    }

    [Fact]
    public void A_link_in_the_way_is_replaced_and_never_followed()
    {
        using var scratch = new Scratch();
        using var directory = RecordsDirectory.TryOpen(scratch["records"], out _);
        Assert.NotNull(directory);
        string victim = scratch.File("victim", "precious", UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.CreateSymbolicLink(scratch["records/7.child"], victim);
        File.CreateSymbolicLink(scratch["records/7.child.tmp"], victim);
        Assert.Equal(-1, directory.Read("7.child", new byte[100]));
        Assert.Equal(0, directory.Write("7.child", "text"u8));
        Assert.Equal("precious", File.ReadAllText(victim));
        Assert.Null(new FileInfo(scratch["records/7.child"]).LinkTarget);
        byte[] read = new byte[100];
        Assert.Equal(4, directory.Read("7.child", read));
    }

    [Fact]
    public void A_swap_of_the_path_leads_nowhere()
    {
        using var scratch = new Scratch();
        using var directory = RecordsDirectory.TryOpen(scratch["records"], out _);
        Assert.NotNull(directory);
        Directory.Move(scratch["records"], scratch["moved"]);
        Directory.CreateDirectory(scratch["records"]);
        Assert.Equal(0, directory.Write("7.child", "text"u8));
        Assert.True(File.Exists(scratch["moved/7.child"]));
        Assert.Empty(Directory.GetFileSystemEntries(scratch["records"]));
    }

    [Fact]
    public void One_that_others_may_write_in_is_refused_and_so_are_a_link_and_a_file()
    {
        using var scratch = new Scratch();
        Directory.CreateDirectory(scratch["open"]);
        File.SetUnixFileMode(scratch["open"], OwnerOnly | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute | UnixFileMode.StickyBit);
        Directory.CreateDirectory(scratch["real"]);
        File.CreateSymbolicLink(scratch["link"], scratch["real"]);
        File.WriteAllText(scratch["file"], "");
        foreach (string name in (string[])["open", "link", "file", "file/below"])
        {
            Assert.Null(RecordsDirectory.TryOpen(scratch[name], out string reason));
            Assert.NotEqual("", reason);
        }
    }
}

using Deploy.Model;
using Deploy.Security.Channel;
using Deploy.Security.Files;
using Deploy.Tests.Architecture;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.Security.Channel;

public class HostKeyFileTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void It_is_made_once_for_its_owner_alone_and_then_taken()
    {
        using var folder = new TempFolder();
        string path = folder["host_key.pem"];
        Assert.Null(HostKeyFile.Load(path));
        var first = HostKeyFile.LoadOrMake(path, Now, out bool made);
        Assert.True(made);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        byte[] bytes = File.ReadAllBytes(path);
        var second = HostKeyFile.LoadOrMake(path, Now, out made);
        Assert.False(made);
        Assert.Equal(first.Pin, second.Pin);
        Assert.Equal(bytes, File.ReadAllBytes(path));
        Assert.Equal(["host_key.pem"], Directory.GetFileSystemEntries(folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Many_that_make_it_at_once_have_one()
    {
        using var folder = new TempFolder();
        string path = folder["host_key.pem"];
        var pins = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => HostKeyFile.LoadOrMake(path, Now, out bool _).Pin)));
        Assert.Single(pins.Distinct());
        Assert.Single(Directory.GetFileSystemEntries(folder.Path));
    }

    [Theory]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.OtherWrite)]
    [InlineData(UnixFileMode.GroupWrite)]
    public void One_that_others_may_read_or_change_is_refused(UnixFileMode more)
    {
        using var folder = new TempFolder();
        string path = folder["host_key.pem"];
        HostKeyFile.LoadOrMake(path, Now, out _);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | more);
        var error = Assert.Throws<UserError>(() => HostKeyFile.LoadOrMake(path, Now, out _));
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Contains("chmod 600", error.Hint, StringComparison.Ordinal);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        Assert.NotNull(HostKeyFile.Load(path)); // root's, and the daemon's group's
    }

    [Fact]
    public void None_is_made_where_it_would_not_be_used_again()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder["etc"]);
        File.SetUnixFileMode(folder["etc"], File.GetUnixFileMode(folder["etc"]) | UnixFileMode.GroupWrite);
        string why = Assert.Throws<UserError>(() => HostKeyFile.LoadOrMake(folder["etc/host_key.pem"], Now, out _)).Message;
        Assert.StartsWith($"host key {folder["etc/host_key.pem"]} is not made: others may write to its folder {folder["etc"]}, ", why, StringComparison.Ordinal);
        Assert.EndsWith($"(chmod go-w {folder["etc"]})", why, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(folder["etc"]));
        Assert.Contains("there is no such directory", Assert.Throws<UserError>(() => HostKeyFile.LoadOrMake(folder["none/host_key.pem"], Now, out _)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_of_another_user_or_behind_a_folder_of_others_is_refused()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder["etc/keys"]);
        string path = folder["etc/keys/host_key.pem"];
        HostKeyFile.LoadOrMake(path, Now, out _);
        File.SetUnixFileMode(folder["etc"], File.GetUnixFileMode(folder["etc"]) | UnixFileMode.OtherWrite);
        Assert.StartsWith($"host key {path} is not used: others may write to its folder {folder["etc"]}, ", Assert.Throws<UserError>(() => HostKeyFile.Load(path)).Message, StringComparison.Ordinal);
        File.SetUnixFileMode(folder["etc"], File.GetUnixFileMode(folder["etc"]) & ~UnixFileMode.OtherWrite & ~UnixFileMode.GroupWrite);
        Assert.NotNull(HostKeyFile.Load(path));
        if (NativeFile.User != 0)
        {
            return; // only root can give a file away
        }

        Assert.Equal(0, NativeFile.Open(path, NativeFile.ReadOnly, out var file));
        using (file)
        {
            Assert.Equal(0, NativeFile.ChangeOwner(file, 65534, 65534));
        }

        Assert.Equal($"host key {path} is not used: it belongs to the user 65534 (chown root: {path})", Assert.Throws<UserError>(() => HostKeyFile.Load(path)).Message);
        Assert.NotNull(HostKeyFile.Load(path, daemon: 65534));
    }

    [Theory]
    [InlineData("", "is no PEM with a private key and its certificate")]
    [InlineData("-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n", "is locked with a passphrase")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "are damaged")]
    public void What_is_no_key_is_refused_and_stays(string text, string why)
    {
        using var folder = new TempFolder();
        string path = folder["host_key.pem"];
        File.WriteAllText(path, text);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var error = Assert.Throws<UserError>(() => HostKeyFile.LoadOrMake(path, Now, out _));
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
        Assert.Equal(text, File.ReadAllText(path));
    }

    [Fact]
    public void A_directory_that_is_not_there_is_said_and_not_made()
    {
        using var folder = new TempFolder();
        var error = Assert.Throws<UserError>(() => HostKeyFile.LoadOrMake(folder["no/host_key.pem"], Now, out _));
        Assert.Contains("there is no such directory", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void A_cut_file_is_refused_wherever_it_is_cut()
    {
        string pem = HostKey.MakePem(Now);
        for (int length = 0; length < pem.TrimEnd().Length; length += 7)
        {
            Assert.Null(HostKey.Read(pem[..length], out string? why));
            Assert.NotNull(why);
        }
    }

    [Theory]
    [InlineData("p384", "another kind of key")]
    [InlineData("curve-of-nobody", "not known here")]
    public void A_key_on_another_curve_is_refused_in_words(string file, string expected)
    {
        Assert.Null(HostKey.Read(File.ReadAllText(Path.Combine(SourceTree.Root, "tests/Fuzz/Corpus/HostKey", file)), out string? why));
        Assert.Contains(expected, why, StringComparison.Ordinal);
    }
}

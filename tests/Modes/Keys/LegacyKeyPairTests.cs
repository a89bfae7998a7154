using Deploy.Model;
using Deploy.Modes;
using Deploy.Modes.Keys;
using Deploy.Protocol.Ssl;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.Modes.Keys;

public class LegacyKeyPairTests
{
    [Fact]
    public void A_pair_is_written_in_the_originals_forms_for_the_owner_alone()
    {
        using var folder = new TempFolder();
        var (privatePath, publicPath) = LegacyKeyPair.Write(folder.Path, 2048);
        Assert.Equal((folder["private.pem"], folder["public.pem"]), (privatePath, publicPath));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(privatePath));
        Assert.Equal((UnixFileMode)0, File.GetUnixFileMode(publicPath) & (UnixFileMode.GroupWrite | UnixFileMode.OtherWrite));
        Assert.StartsWith("-----BEGIN RSA PRIVATE KEY-----\n", File.ReadAllText(privatePath), StringComparison.Ordinal);
        Assert.EndsWith("-----END PUBLIC KEY-----\n", File.ReadAllText(publicPath), StringComparison.Ordinal);
        Assert.Null(SslKeyFile.PrivateMistake(privatePath, out var open));
        var passphrase = Passphrase.Random();
        Assert.Equal(passphrase.Reveal().ToArray(), open!.Open(SslKeyFile.Public(publicPath).Seal(passphrase)).Reveal().ToArray());
    }

    [Fact]
    public void Nothing_is_overwritten_nor_written_through_a_link_and_nothing_half_is_left()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["a-public.pem"], "mine");
        Refused(folder["a-"], "a-public.pem is there already");
        Assert.Equal("mine", File.ReadAllText(folder["a-public.pem"]));
        Assert.False(File.Exists(folder["a-private.pem"]));

        File.CreateSymbolicLink(folder["b-private.pem"], folder["elsewhere"]);
        Refused(folder["b-"], "b-private.pem is there already");
        Assert.False(File.Exists(folder["elsewhere"]));
        Assert.False(File.Exists(folder["b-public.pem"]));

        Refused(folder["none/x-"], "there is no such directory");
        Refused(folder["none/"], "there is no such directory");
    }

    [Fact]
    public void A_key_file_that_cannot_be_used_is_named_with_why()
    {
        using var folder = new TempFolder();
        LegacyKeyPair.Write(folder.Path, 2048);
        Assert.Contains($"the key file '{folder["none"]}' cannot be read: no such file", SslKeyFile.PrivateMistake(folder["none"], out _), StringComparison.Ordinal);
        Assert.Contains("cannot be read: is a directory", SslKeyFile.PublicMistake(folder.Path, out _), StringComparison.Ordinal);
        Assert.Contains($"ssl_private_key '{folder["public.pem"]}' is a public key", SslKeyFile.PrivateMistake(folder["public.pem"], out var none), StringComparison.Ordinal);
        Assert.Null(none);
        var error = Assert.Throws<UserError>(() => SslKeyFile.Public(folder["private.pem"]));
        Assert.Contains("is a private key, which belongs to the server alone", error.Message, StringComparison.Ordinal);
        Assert.NotNull(error.Hint);
    }

    private static void Refused(string place, string said)
    {
        var error = Assert.Throws<UserError>(() => LegacyKeyPair.Write(place, 2048));
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Failed, error.ExitCode);
    }
}

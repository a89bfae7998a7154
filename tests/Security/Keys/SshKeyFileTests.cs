using Deploy.Model;
using Deploy.Security.Files;
using Deploy.Security.Keys;
using Deploy.Security.Sodium;
using Deploy.Tests.EndToEnd.Packages;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.Security.Keys;

public sealed class SshKeyFileTests : IDisposable
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_daemons_key_that_another_user_owns_is_not_used_and_an_operators_own_is()
    {
        if (NativeFile.User != 0)
        {
            return; // only root can give a file away
        }

        var key = SshKeyFile.OpenOrCreate(folder["proxy_key"], "px", out _).Key;
        Assert.Equal(0, NativeFile.Open(folder["proxy_key"], NativeFile.ReadOnly, out var file));
        using (file)
        {
            Assert.Equal(0, NativeFile.ChangeOwner(file, 65534, 65534));
        }

        var error = Assert.Throws<UserError>(() => SshKeyFile.OpenOrCreate(folder["proxy_key"], "px", out _));
        Assert.Equal($"the key {folder["proxy_key"]} is not used: it belongs to the user 65534 (chown root: {folder["proxy_key"]})", error.Message);
        Assert.Equal(key, SshKeyFile.OpenOrCreate(folder["proxy_key"], "px", out _, daemon: 65534).Key);
        Assert.Equal(key, SshKeyFile.Open(folder["proxy_key"]).Key); // root with sudo, as ssh has it
    }

    [Fact]
    public async Task A_new_key_is_private_reads_back_and_signs()
    {
        var made = SshKeyFile.Create(folder["key"], "proxy \u00e9\nof site");
        Assert.Equal("proxy \u00e9 of site", made.Key.Comment);
        Assert.Equal(Private, File.GetUnixFileMode(folder["key"]));
        Assert.Equal([folder["key"]], Directory.GetFiles(folder.Path));
        var read = SshKeyFile.Open(folder["key"]);
        Assert.Equal((made.Key, made.Key.ToString(), folder["key"]), (read.Key, read.Key.ToString(), read.Name));
        byte[] signature = await read.SignAsync("message"u8.ToArray(), CancellationToken.None);
        Assert.True(Ed25519.Verify(signature, "message"u8, made.Key.Bytes.Span));
        Assert.NotEqual(made.Key, SshKeyFile.Create(folder["other"], string.Empty).Key);
    }

    [Fact]
    public void A_new_key_takes_the_place_of_nothing()
    {
        File.WriteAllText(folder["key"], "mine");
        var error = Assert.Throws<UserError>(() => SshKeyFile.Create(folder["key"], "a"));
        Assert.Contains("is there already", error.Message, StringComparison.Ordinal);
        File.CreateSymbolicLink(folder["link"], folder["nowhere"]);
        Assert.Contains("is there already", Assert.Throws<UserError>(() => SshKeyFile.Create(folder["link"], "a")).Message, StringComparison.Ordinal);
        Assert.Contains("cannot be written", Assert.Throws<UserError>(() => SshKeyFile.Create(folder["no/key"], "a")).Message, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(folder["key"]));
        Assert.Equal(["key", "link"], Directory.GetFileSystemEntries(folder.Path).Select(Path.GetFileName).Order());
    }

    [ToolFact("ssh-keygen")]
    public void OpenSSH_reads_what_is_made_here_and_here_is_read_what_OpenSSH_makes()
    {
        for (int length = 0; length < 9; length++) // every length of padding
        {
            string path = folder[$"ours{length}"];
            var made = SshKeyFile.Create(path, new string('c', length));
            Assert.Equal(made.Key.ToString(), OpenSsh.Run("ssh-keygen", null, "-y", "-f", path).TrimEnd());
            string theirs = OpenSsh.Key(folder, $"theirs{length}", comment: new string('c', length));
            var read = SshKeyFile.Open(theirs);
            Assert.Equal(File.ReadAllText(theirs + ".pub").TrimEnd(), read.Key.ToString().TrimEnd());
            Assert.Contains(read.Key.Fingerprint, OpenSsh.Run("ssh-keygen", null, "-l", "-f", theirs), StringComparison.Ordinal);
            Assert.Contains(read.Key.Fingerprint, OpenSsh.Run("ssh-keygen", null, "-l", "-f", theirs + ".pub"), StringComparison.Ordinal);
        }
    }

    [ToolFact("ssh-keygen")]
    public void Keys_of_other_kinds_and_forms_are_refused_with_what_they_are()
    {
        Refused(OpenSsh.Key(folder, "locked", passphrase: "secret"), "has a passphrase", "ssh-add");
        Refused(OpenSsh.Key(folder, "rsa", type: "rsa"), "RSA keys are not taken", "ssh-keygen -t ed25519");
        Refused(OpenSsh.Key(folder, "ecdsa", type: "ecdsa"), "ECDSA keys are not taken", "ssh-keygen -t ed25519");
        OpenSsh.Run("ssh-keygen", null, "-q", "-p", "-m", "PEM", "-N", "", "-f", folder["rsa"]);
        Refused(folder["rsa"], "RSA key in PEM", "ssh-keygen -t ed25519");
        OpenSsh.Run("ssh-keygen", null, "-q", "-p", "-m", "PKCS8", "-N", "", "-f", folder["ecdsa"]);
        Refused(folder["ecdsa"], "PKCS#8", "ssh-keygen -t ed25519");
        Refused(folder["rsa.pub"], "RSA keys are not taken", "ssh-keygen -t ed25519");
        Refused(folder["locked.pub"], "holds a public key", "without .pub");
    }

    [Fact]
    public void A_key_that_others_may_read_is_not_used()
    {
        SshKeyFile.Create(folder["key"], "a");
        foreach (var bit in new[] { UnixFileMode.GroupRead, UnixFileMode.OtherRead, UnixFileMode.GroupWrite, UnixFileMode.OtherWrite, UnixFileMode.OtherExecute })
        {
            File.SetUnixFileMode(folder["key"], Private | bit);
            Refused(folder["key"], "others may read", $"chmod 600 {folder["key"]}");
        }

        File.SetUnixFileMode(folder["key"], UnixFileMode.UserRead);
        Assert.NotNull(SshKeyFile.Open(folder["key"]));
    }

    [Fact]
    public void What_is_no_key_is_told()
    {
        Refused(folder["none"], "there is no key", "ssh-keygen -t ed25519 -f");
        Refused(folder.Path, "is no file", "private key");
        Write("", "is empty");
        Write("hello", "holds no key of OpenSSH");
        Write("-----BEGIN PRIVATE KEY-----\nMC4=\n", "PKCS#8");
        Write("PuTTY-User-Key-File-3: ssh-ed25519", "PuTTY");
        Write("-----BEGIN OPENSSH PRIVATE KEY-----\n", "its last line is missing");
        Write("-----BEGIN OPENSSH PRIVATE KEY----------END OPENSSH PRIVATE KEY-----", "not of the form openssh-key-v1");
        Write(new TestKey(1).FileText.Replace("b3BlbnNza", "b3BlbnNzb", StringComparison.Ordinal), "is no whole private key");
        Write(new string('x', 65 * 1024), "it has 66560 bytes");
    }

    [Fact]
    public void Halves_of_two_keys_are_no_key()
    {
        var one = new TestKey(1);
        var two = new TestKey(2);
        Is(OpenSshKeyFormat.Write(two.Key, one.Secret), "does not belong");
        Is(OpenSshKeyFormat.Write(one.Key, [.. one.Secret[..32], .. two.Secret[32..]]), "does not belong");
        Is(OpenSshKeyFormat.Write(one.Key, one.Secret.AsSpan(0, 32)), "does not belong");
        static void Is(string text, string why) => Assert.Contains(why, Assert.IsType<KeyFileContent.Unusable>(OpenSshKeyFormat.Read(System.Text.Encoding.ASCII.GetBytes(text))).Why, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_bent_file_is_refused_or_is_a_whole_key()
    {
        var random = new Random(1729);
        string text = new TestKey(3).FileText;
        string[] lines = text.TrimEnd().Split('\n');
        byte[] inner = Convert.FromBase64String(string.Concat(lines[1..^1]));
        int whole = 0;
        for (int round = 0; round < 20_000; round++)
        {
            string bent = round % 2 == 0 ? Bend.Text(text, random) : $"{lines[0]}\n{Convert.ToBase64String(Bend.Bytes(inner, random))}\n{lines[^1]}\n";
            var content = OpenSshKeyFormat.Read(Deploy.Model.Text.ByteText.ToBytes(bent));
            if (content is KeyFileContent.Plain plain)
            {
                whole++;
                Assert.True(Ed25519.Verify(Ed25519.Sign("m"u8, plain.Secret), "m"u8, plain.Key.Bytes.Span));
                Assert.Equal(new TestKey(3).Key, plain.Key);
            }
        }

        Assert.InRange(whole, 1, 4_000); // a bent check number on both sides, comment, line ends
    }

    private void Write(string text, string why)
    {
        File.WriteAllText(folder["bent"], text);
        File.SetUnixFileMode(folder["bent"], Private);
        Refused(folder["bent"], why, string.Empty);
    }

    private static void Refused(string path, string why, string hint)
    {
        var error = Assert.Throws<UserError>(() => SshKeyFile.Open(path));
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Contains(hint, error.Hint, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Authentication, error.ExitCode);
    }
}

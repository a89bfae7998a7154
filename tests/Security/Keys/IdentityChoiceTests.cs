using Deploy.Model;
using Deploy.Security.Keys;
using Deploy.Tests.EndToEnd.Packages;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.Security.Keys;

public sealed class IdentityChoiceTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Without_anything_it_is_said_what_was_looked_at()
    {
        await Refused(new IdentityChoice(null, null, null), "SSH_AUTH_SOCK is not set, and no home directory is known", "--identity FILE");
        await Refused(new IdentityChoice("", "", folder.Path), $"SSH_AUTH_SOCK is not set, and there is no {folder[".ssh/id_ed25519"]}", "ssh-keygen -t ed25519");
        await Refused(new IdentityChoice(null, folder["gone"], folder.Path), $"the ssh-agent at {folder["gone"]} cannot be asked", "ssh-add");
        await Refused(new IdentityChoice(folder["none"], null, folder.Path), $"there is no key {folder["none"]}", "ssh-keygen");
        File.WriteAllText(folder["a.pub"], new TestKey(1).Key.ToString());
        await Refused(new IdentityChoice(folder["a.pub"], null, folder.Path), "a.pub is a public key, and there is no ssh-agent that could hold it", $"ssh-add {folder["a"]}");
    }

    [Fact]
    public async Task A_key_in_the_home_directory_is_found_also_where_the_agent_is_gone()
    {
        Directory.CreateDirectory(folder[".ssh"]);
        var key = SshKeyFile.Create(folder[".ssh/id_ed25519"], "a").Key;
        Assert.Equal(key, (await new IdentityChoice(null, null, folder.Path).OpenAsync(CancellationToken.None)).Key);
        Assert.Equal(key, (await new IdentityChoice(null, folder["gone"], folder.Path).OpenAsync(CancellationToken.None)).Key);
        Assert.Equal(key, (await new IdentityChoice("~/.ssh/id_ed25519", null, folder.Path).OpenAsync(CancellationToken.None)).Key);
        File.SetUnixFileMode(folder[".ssh/id_ed25519"], UnixFileMode.UserRead | UnixFileMode.OtherRead);
        await Refused(new IdentityChoice(null, null, folder.Path), "others may read", "chmod 600");
    }

    [ToolFact("ssh-keygen", "ssh-agent", "ssh-add")]
    public async Task The_agent_comes_before_the_home_directory_and_what_is_named_before_both()
    {
        using var real = new RealAgent(folder);
        Directory.CreateDirectory(folder[".ssh"]);
        var home = SshKeyFile.Create(folder[".ssh/id_ed25519"], "home").Key;
        var named = SshKeyFile.Create(folder["named"], "named").Key;
        Task<ISigner> Open(string? identity) => new IdentityChoice(identity, real.Socket, folder.Path).OpenAsync(CancellationToken.None);
        Assert.Equal(home, (await Open(null)).Key); // the agent holds nothing yet

        real.Add(OpenSsh.Key(folder, "first", comment: "first"));
        real.Add(OpenSsh.Key(folder, "second", comment: "second"));
        Assert.Equal("ssh-agent (first)", (await Open(null)).Name);
        Assert.Equal(named, (await Open(folder["named"])).Key);
        Assert.Equal("ssh-agent (second)", (await Open(folder["second.pub"])).Name);
        File.WriteAllText(folder["named.pub"], named.ToString());
        await Refused(new IdentityChoice(folder["named.pub"], real.Socket, folder.Path), $"does not hold {named.Fingerprint}", $"ssh-add {folder["named"]}");

        // Behind a passphrase: the agent's, where it holds it.
        OpenSsh.Run("ssh-keygen", null, "-q", "-p", "-P", "", "-N", "secret", "-f", folder["second"]);
        Assert.Equal("ssh-agent (second)", (await Open(folder["second"])).Name);
        OpenSsh.Run("ssh-keygen", null, "-q", "-p", "-P", "", "-N", "secret", "-f", folder["named"]);
        await Refused(new IdentityChoice(folder["named"], real.Socket, folder.Path), "has a passphrase, which is not asked for here, and the ssh-agent", "ssh-add");
        await Refused(new IdentityChoice(folder["named"], null, folder.Path), "has a passphrase, which is not asked for here, and there is no ssh-agent", "ssh-add");
    }

    private static async Task Refused(IdentityChoice choice, string why, string hint)
    {
        var error = await Assert.ThrowsAsync<UserError>(() => choice.OpenAsync(CancellationToken.None));
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
        Assert.Contains(hint, error.Hint, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Authentication, error.ExitCode);
    }
}

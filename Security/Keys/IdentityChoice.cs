using Deploy.Model;
using Deploy.Model.Text;

namespace Deploy.Security.Keys;

/// <summary>Where an operator's key is looked for.</summary>
/// <remarks>
/// A key that is named is that one or an error: a private key is read; a <c>.pub</c> file, or a private key behind a passphrase, chooses the one that the agent holds.
/// Else the agent's first Ed25519 key, else <c>~/.ssh/id_ed25519</c>.
/// </remarks>
/// <param name="Identity">What <c>--identity</c> or client.toml names; null for nothing. <c>~/</c> is the home directory.</param>
/// <param name="AgentSocket">$SSH_AUTH_SOCK; null or empty for none.</param>
/// <param name="Home">The home directory; null or empty for none.</param>
internal sealed record IdentityChoice(string? Identity, string? AgentSocket, string? Home)
{
    private const string Default = "~/.ssh/id_ed25519";
    private const string Next = "give ssh-agent a key (ssh-add), make one (ssh-keygen -t ed25519), or name one with --identity FILE";

    private SshAgent? Agent => string.IsNullOrEmpty(AgentSocket) ? null : new SshAgent(AgentSocket);

    /// <summary>Finds the key that signs.</summary>
    /// <exception cref="UserError">There is none: it says what was looked at.</exception>
    public async Task<ISigner> OpenAsync(CancellationToken cancellationToken)
    {
        if (!string.IsNullOrEmpty(Identity))
        {
            return await NamedAsync(AtHome(Identity), cancellationToken);
        }

        string looked = "SSH_AUTH_SOCK is not set";
        if (Agent is { } agent)
        {
            try
            {
                if (await agent.ListAsync(cancellationToken) is [var first, ..])
                {
                    return new AgentSigner(agent, first);
                }

                looked = $"the ssh-agent at {SafeText.Of(AgentSocket!)} holds no Ed25519 key, or is locked";
            }
            catch (UserError error)
            {
                looked = error.Message;
            }
        }

        // What is there and cannot be used is said as it is; what the agent lacked is then part of it.
        string path = AtHome(Default);
        return string.IsNullOrEmpty(Home) ? throw Error($"no key to sign with: {looked}, and no home directory is known", Next)
            : SshKeyFile.Load(path) switch
            {
                null => throw Error($"no key to sign with: {looked}, and there is no {SafeText.Of(path)}", Next),
                KeyFileContent.Locked => throw Error($"no key to sign with: {looked}, and {SafeText.Of(path)} has a passphrase, which is not asked for here", $"let ssh-agent hold it: ssh-add {SafeText.Of(path)}"),
                var content => SshKeyFile.Of(path, content),
            };
    }

    private async Task<ISigner> NamedAsync(string path, CancellationToken cancellationToken)
    {
        var content = SshKeyFile.Load(path);
        if (content is not (KeyFileContent.Public or KeyFileContent.Locked))
        {
            return SshKeyFile.Of(path, content);
        }

        string file = SafeText.Of(path);
        string privateFile = file.EndsWith(".pub", StringComparison.Ordinal) ? file[..^4] : file;
        var wanted = content is KeyFileContent.Locked locked ? locked.Key : ((KeyFileContent.Public)content).Key;
        string what = content is KeyFileContent.Locked ? $"{file} has a passphrase, which is not asked for here" : $"{file} is a public key";
        var agent = Agent ?? throw Error($"{what}, and there is no ssh-agent that could hold it: SSH_AUTH_SOCK is not set", $"eval $(ssh-agent), ssh-add {privateFile}");
        var held = await agent.ListAsync(cancellationToken);
        return held.FirstOrDefault(wanted.Equals) is { } key
            ? new AgentSigner(agent, key)
            : throw Error($"{what}, and the ssh-agent at {SafeText.Of(AgentSocket!)} does not hold {wanted.Fingerprint} (or is locked)", $"ssh-add {privateFile}");
    }

    private string AtHome(string path) => path.StartsWith("~/", StringComparison.Ordinal) && !string.IsNullOrEmpty(Home) ? Path.Combine(Home, path[2..]) : path;

    private static UserError Error(string message, string hint) => new(message, ExitCodes.Authentication, hint);
}

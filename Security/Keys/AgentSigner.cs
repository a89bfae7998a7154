using Deploy.Model.Text;

namespace Deploy.Security.Keys;

/// <summary>A key that an ssh-agent holds.</summary>
internal sealed class AgentSigner(SshAgent agent, SshPublicKey key) : ISigner
{
    private const int CommentLength = 60; // of a name in a message

    public SshPublicKey Key => key;

    public string Name => $"ssh-agent ({SafeText.Of(key.Comment.Length > 0 ? key.Comment : key.Fingerprint, CommentLength)})";

    public async ValueTask<byte[]> SignAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken) => await agent.SignAsync(key, message, cancellationToken);
}

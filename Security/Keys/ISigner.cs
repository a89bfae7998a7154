namespace Deploy.Security.Keys;

/// <summary>A private key that signs: in a file, or in an ssh-agent.</summary>
internal interface ISigner
{
    SshPublicKey Key { get; }

    /// <summary>What it is called in messages: <c>ssh-agent (alice@laptop)</c>, <c>/home/alice/.ssh/id_ed25519</c>.</summary>
    string Name { get; }

    /// <summary>Signs; 64 bytes.</summary>
    /// <exception cref="Model.UserError">It cannot.</exception>
    ValueTask<byte[]> SignAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken);
}

namespace Deploy.Security.Keys;

/// <summary>What a file that should hold a key holds.</summary>
internal abstract record KeyFileContent
{
    private KeyFileContent()
    {
    }

    /// <summary>A private key that can be used.</summary>
    /// <param name="Key">Its public half, with the comment.</param>
    /// <param name="Secret">64 bytes, as libsodium and OpenSSH have them.</param>
    internal sealed record Plain(SshPublicKey Key, byte[] Secret) : KeyFileContent
    {
        public override string ToString() => $"private key {Key.Fingerprint}";
    }

    /// <summary>A private key behind a passphrase; its public half stands in clear.</summary>
    internal sealed record Locked(SshPublicKey Key) : KeyFileContent;

    /// <summary>A public key, as in a <c>.pub</c> file.</summary>
    internal sealed record Public(SshPublicKey Key) : KeyFileContent;

    /// <summary>Something else.</summary>
    /// <param name="Why">Follows the file's name: <c>holds an RSA key …</c>. Safe to print.</param>
    /// <param name="Next">The next step.</param>
    internal sealed record Unusable(string Why, string Next) : KeyFileContent;
}

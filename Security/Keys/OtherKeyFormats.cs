namespace Deploy.Security.Keys;

/// <summary>Files of keys that are not OpenSSH's own form of a private key, told apart by how they begin.</summary>
internal static class OtherKeyFormats
{
    private static readonly (string Begin, string Why, string Next)[] Begins =
    [
        ("-----BEGIN RSA PRIVATE KEY-----", "holds an RSA key in PEM; Ed25519 keys of OpenSSH's own form are taken alone", SshKeyKinds.Instead),
        ("-----BEGIN EC PRIVATE KEY-----", "holds an ECDSA key in PEM; Ed25519 keys of OpenSSH's own form are taken alone", SshKeyKinds.Instead),
        ("-----BEGIN DSA PRIVATE KEY-----", "holds a DSA key in PEM; Ed25519 keys of OpenSSH's own form are taken alone", SshKeyKinds.Instead),
        ("-----BEGIN PRIVATE KEY-----", "holds a key in PKCS#8 (openssl's form); private keys are read in OpenSSH's own form alone", SshKeyKinds.Instead),
        ("-----BEGIN ENCRYPTED PRIVATE KEY-----", "holds a key in PKCS#8 (openssl's form) with a passphrase; private keys are read in OpenSSH's own form alone", SshKeyKinds.Instead),
        ("-----BEGIN PUBLIC KEY-----", "holds a public key in openssl's form", "name the private key, or the .pub file that ssh-keygen made"),
        ("-----BEGIN CERTIFICATE-----", "holds a certificate", "name a key that ssh-keygen -t ed25519 made"),
        ("---- BEGIN SSH2 PUBLIC KEY ----", "holds a public key in the form of RFC 4716", "convert it: ssh-keygen -i -f FILE"),
        ("---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----", "holds a key of ssh.com's form", SshKeyKinds.Instead),
        ("PuTTY-User-Key-File-", "holds a key of PuTTY's form", "convert an Ed25519 one: puttygen FILE -O private-openssh-new -o NEWFILE"),
    ];

    /// <summary>What it is: a public key, or what is not taken and what to do.</summary>
    /// <param name="text">The file, without white space around it.</param>
    public static KeyFileContent Name(string text)
    {
        if (Begins.FirstOrDefault(begin => text.StartsWith(begin.Begin, StringComparison.Ordinal)) is (_, { } why, { } next))
        {
            return new KeyFileContent.Unusable(why, next);
        }

        if (SshPublicKey.TryParse(text, out var key, out string? refusal))
        {
            return new KeyFileContent.Public(key);
        }

        return text.StartsWith("ssh-", StringComparison.Ordinal) || text.StartsWith("ecdsa-", StringComparison.Ordinal) || text.StartsWith("sk-", StringComparison.Ordinal)
            ? new KeyFileContent.Unusable($"holds a public key that is refused: {refusal}", SshKeyKinds.Instead)
            : new KeyFileContent.Unusable(text.Length == 0 ? "is empty" : "holds no key of OpenSSH", SshKeyKinds.Instead);
    }
}

using System.Text;
using Deploy.Security.Keys;
using Deploy.Security.Sodium;

namespace Deploy.Tests.Security.Keys;

/// <summary>Keys of tests, made from a number, the same each time.</summary>
internal sealed class TestKey : ISigner
{
    private readonly byte[] secret = new byte[Ed25519.SecretBytes];

    public TestKey(byte number, string comment = "test@example")
    {
        byte[] key = new byte[Ed25519.KeyBytes];
        Ed25519.KeysOf([.. Enumerable.Repeat(number, Ed25519.SeedBytes)], key, secret);
        Key = SshPublicKey.Of(key, comment);
    }

    public SshPublicKey Key { get; }

    public string Name => "test key";

    /// <summary>The text of its file.</summary>
    public string FileText => OpenSshKeyFormat.Write(Key, secret);

    public byte[] Secret => secret;

    public byte[] Sign(string message) => Ed25519.Sign(Encoding.ASCII.GetBytes(message), secret);

    public ValueTask<byte[]> SignAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken) => new(Ed25519.Sign(message.Span, secret));
}

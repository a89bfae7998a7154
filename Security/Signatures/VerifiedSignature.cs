using Deploy.Security.Keys;

namespace Deploy.Security.Signatures;

/// <summary>A signature of a request's head that was checked: made by <see cref="UnverifiedSignature.TryVerify"/> alone. A body is what was signed where <see cref="Covers"/> says so.</summary>
internal sealed class VerifiedSignature
{
    private readonly byte[]? digest;

    internal VerifiedSignature(SignatureClaims claims, SshPublicKey key, byte[]? digest) => (Claims, Key, this.digest) = (claims, key, digest);

    public SignatureClaims Claims { get; }

    /// <summary>By which it was made.</summary>
    public SshPublicKey Key { get; }

    /// <summary>True for the body that was signed, whole; empty where none was.</summary>
    public bool Covers(ReadOnlySpan<byte> body) => digest is null ? body.IsEmpty : ContentDigest.IsOf(body, digest);
}

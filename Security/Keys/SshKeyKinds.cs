using Deploy.Model.Text;

namespace Deploy.Security.Keys;

/// <summary>The names of SSH's kinds of keys, and why all but one are refused.</summary>
internal static class SshKeyKinds
{
    public const string Ed25519 = "ssh-ed25519";

    /// <summary>What to do instead.</summary>
    public const string Instead = "make an Ed25519 key: ssh-keygen -t ed25519";

    private const int NameLength = 64; // RFC 4251, section 6

    /// <summary>One line on a name that is not <see cref="Ed25519"/>, safe to print: what kind it is, and what to do.</summary>
    public static string Refuse(string name) => Known(name) is { } kind
        ? $"{kind} are not taken; {Instead}"
        : $"'{SafeText.Of(name, NameLength)}' is no kind of SSH key that is known here; {Instead}";

    private static string? Known(string name) => name switch
    {
        _ when name.EndsWith("-cert-v01@openssh.com", StringComparison.Ordinal) => "SSH certificates",
        _ when name.StartsWith("sk-", StringComparison.Ordinal) => "keys of security keys (FIDO)",
        "ssh-rsa" or "rsa-sha2-256" or "rsa-sha2-512" => "RSA keys",
        "ssh-dss" => "DSA keys",
        "ssh-ed448" => "Ed448 keys",
        _ when name.StartsWith("ecdsa-sha2-", StringComparison.Ordinal) => "ECDSA keys",
        _ => null,
    };
}

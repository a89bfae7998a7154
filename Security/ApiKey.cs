using System.Security.Cryptography;
using Deploy.Model;
using Deploy.Model.Text;

namespace Deploy.Security;

/// <summary>A key that lets its holder order, and for which groups. The key itself is not kept.</summary>
/// <param name="Name">What logs call it: its table's name, in an api file <c>line-7</c>.</param>
/// <param name="Sha256">The key's SHA-256, 64 lower-case hexadecimal digits.</param>
/// <param name="Groups">Names of host groups, each once.</param>
internal sealed record ApiKey(string Name, Secret Sha256, IReadOnlyList<string> Groups)
{
    /// <summary>Hexadecimal digits of a SHA-256.</summary>
    public const int Digits = 64;

    /// <summary>The hash of a key in clear, in ByteText.</summary>
    public static Secret HashOf(string key) => new(Convert.ToHexStringLower(SHA256.HashData(ByteText.ToBytes(key))));
}

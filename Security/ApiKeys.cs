using System.Security.Cryptography;
using Deploy.Model;
using Deploy.Model.Text;

namespace Deploy.Security;

/// <summary>The API keys in force.</summary>
/// <param name="keys">Each with its hash and its groups.</param>
internal sealed class ApiKeys(IReadOnlyList<ApiKey> keys)
{
    private readonly (byte[] Hash, ApiKey Key)[] entries = [.. keys.Select(key => (Convert.FromHexString(key.Sha256.Reveal()), key))];

    /// <summary>Keys that change while these are in force; null for none.</summary>
    public Func<ApiKeys>? Others { get; init; }

    /// <summary>The key that this one is, or null. Every key is compared, each in the same time, so that an answer's time tells nothing of them. An empty one is none.</summary>
    /// <param name="given">As it came, in ByteText, of any length.</param>
    public ApiKey? Find(Secret given)
    {
        byte[] hash = SHA256.HashData(ByteText.ToBytes(given.Reveal()));
        var found = Others?.Invoke().Find(given);
        foreach (var entry in entries)
        {
            found = CryptographicOperations.FixedTimeEquals(hash, entry.Hash) ? entry.Key : found;
        }

        return given.Reveal().Length > 0 ? found : null;
    }
}

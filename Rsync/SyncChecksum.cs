using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Deploy.Model.Text;

namespace Deploy.Rsync;

/// <summary>The <c>checksum</c> of a legacy rsync answer: it names origin and target, nothing about the files.</summary>
internal static class SyncChecksum
{
    /// <summary>
    /// Lower-case md5 hex of origin followed by target; runs of slashes are one slash in each part, but not across the joint.
    /// The <c>//</c> of an rsync URL collapses too, as in the original.
    /// </summary>
    [SuppressMessage("Security", "CA5351:Do Not Use Broken Cryptographic Algorithms", Justification = "The original's wire has MD5 here; it guards nothing.")]
    public static string Of(string origin, string target) =>
        Convert.ToHexStringLower(MD5.HashData(ByteText.ToBytes(Collapse(origin) + Collapse(target))));

    private static string Collapse(string text)
    {
        var collapsed = new System.Text.StringBuilder(text.Length);
        foreach (char c in text)
        {
            if (c != '/' || collapsed.Length == 0 || collapsed[^1] != '/')
            {
                collapsed.Append(c);
            }
        }

        return collapsed.ToString();
    }
}

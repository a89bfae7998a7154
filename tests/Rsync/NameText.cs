using System.Text;
using Deploy.Rsync;

namespace Deploy.Tests.Rsync;

/// <summary>Names as texts to compare.</summary>
internal static class NameText
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <summary><see cref="RsyncName.LegacyUtf8"/> as a string; throws where that is not valid UTF-8.</summary>
    public static string LegacyText(this RsyncName name) => Strict.GetString(name.LegacyUtf8().Span);
}

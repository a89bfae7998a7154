using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Deploy.Security.Sodium;
using Deploy.Store;

namespace Deploy.Modes;

/// <summary>What this binary is made of, for <c>--version --verbose</c>: to hold against security notices, and for reports of mistakes.</summary>
internal static class VersionReport
{
    private const string HostsOwn = "of this host";
    private const string LinkedIn = "linked in";

    private static bool IsJit => AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") is not null; // a JIT's host lists its assemblies there

    /// <summary>One line each: the runtime, the C library, and the C libraries that are linked in (those of the host under JIT, where tests run).</summary>
    public static IEnumerable<string> Lines()
    {
        string where = IsJit ? HostsOwn : LinkedIn;
        yield return $"{RuntimeInformation.FrameworkDescription} ({RuntimeInformation.RuntimeIdentifier}, {(IsJit ? "JIT" : "Native AOT")})";
        yield return Line("glibc", CLibrary.Version, CLibrary.IsLinkedIn ? LinkedIn : HostsOwn);
        yield return Line("OpenSSL", OpenSsl(SafeEvpPKeyHandle.OpenSslVersion), where);
        yield return Line("SQLite", Sqlite.Version, where);
        yield return Line("libsodium", Sodium.Version, where);
    }

    /// <summary>OPENSSL_VERSION_NUMBER as people write it: 0xMNN00PP0, from 3.0 on (openssl/opensslv.h).</summary>
    internal static string OpenSsl(long number) => $"{number >> 28}.{(number >> 20) & 0xff}.{(number >> 4) & 0xff}";

    private static string Line(string name, string? version, string where) => version is null ? $"{name} not loaded" : $"{name} {version} ({where})";
}

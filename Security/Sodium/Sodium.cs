using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace Deploy.Security.Sodium;

/// <summary>libsodium: linked in by Native AOT (deploy.csproj), the host's under JIT.</summary>
internal static partial class Sodium
{
    private const string Name = "libsodium";
    private const string HostsOwn = "libsodium.so.23"; // Debian: libsodium23

    // Nobody asks under Native AOT.
    static Sodium() => AssemblyLoadContext.Default.ResolvingUnmanagedDll += (_, name) => name == Name && NativeLibrary.TryLoad(HostsOwn, out nint library) ? library : 0;

    /// <summary>E.g. <c>1.0.18</c>; null where there is none, under JIT alone.</summary>
    public static string? Version
    {
        get
        {
            try
            {
                return Marshal.PtrToStringUTF8(GetVersion());
            }
            catch (DllNotFoundException)
            {
                return null;
            }
        }
    }

    [LibraryImport(Name, EntryPoint = "sodium_version_string")]
    private static partial nint GetVersion();
}

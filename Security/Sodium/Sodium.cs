using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace Deploy.Security.Sodium;

/// <summary>libsodium: linked in by Native AOT (deploy.csproj), the host's under JIT.</summary>
internal static partial class Sodium
{
    /// <summary>What every import names.</summary>
    public const string Library = "libsodium";

    private const string HostsOwn = "libsodium.so.23"; // Debian: libsodium23

    // Nobody asks under Native AOT.
    static Sodium() => AssemblyLoadContext.Default.ResolvingUnmanagedDll += (_, name) => name == Library && NativeLibrary.TryLoad(HostsOwn, out nint library) ? library : 0;

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

    /// <summary>To be called before anything else of it, as its manual asks; more than once does no harm, from any thread.</summary>
    /// <exception cref="InvalidOperationException">It does not start.</exception>
    public static void Start()
    {
        if (Init() < 0)
        {
            throw new InvalidOperationException("libsodium does not start");
        }
    }

    [LibraryImport(Library, EntryPoint = "sodium_version_string")]
    private static partial nint GetVersion();

    [LibraryImport(Library, EntryPoint = "sodium_init")]
    private static partial int Init();
}

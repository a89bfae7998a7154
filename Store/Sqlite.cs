using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace Deploy.Store;

/// <summary>SQLite: linked in by Native AOT (deploy.csproj), the host's under JIT.</summary>
internal static partial class Sqlite
{
    private const string Name = "e_sqlite3"; // what Microsoft.Data.Sqlite calls it
    private const string HostsOwn = "libsqlite3.so.0"; // Debian: libsqlite3-0

    // Nobody asks under Native AOT.
    static Sqlite() => AssemblyLoadContext.Default.ResolvingUnmanagedDll += (_, name) => name == Name && NativeLibrary.TryLoad(HostsOwn, out nint library) ? library : 0;

    /// <summary>E.g. <c>3.40.1</c>; null where there is none, under JIT alone.</summary>
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

    [LibraryImport(Name, EntryPoint = "sqlite3_libversion")]
    private static partial nint GetVersion();
}

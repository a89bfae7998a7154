using System.Runtime.InteropServices;
using System.Runtime.Loader;
using SQLitePCL;

namespace Deploy.Store;

/// <summary>SQLite: linked in by Native AOT (deploy.csproj), the host's under JIT.</summary>
internal static partial class Sqlite
{
    private const string Name = "e_sqlite3"; // what Microsoft.Data.Sqlite calls it
    private const string HostsOwn = "libsqlite3.so.0"; // Debian: libsqlite3-0
    private const int HasMovedQuestion = 20; // SQLITE_FCNTL_HAS_MOVED, sqlite3.h

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

    /// <summary>Before the first connection: Microsoft.Data.Sqlite finds what is above.</summary>
    public static void Prepare() => Batteries_V2.Init();

    /// <summary>True where a database's file was moved or deleted since it was opened.</summary>
    public static bool HasMoved(sqlite3 database)
    {
        int moved = 0;
        int result = Control(database.DangerousGetHandle(), 0, HasMovedQuestion, ref moved);
        GC.KeepAlive(database);
        return result == raw.SQLITE_OK && moved != 0;
    }

    /// <summary>The system's words for what failed last on a database; null where nothing did.</summary>
    public static string? SystemSays(sqlite3 database)
    {
        int error = SystemError(database.DangerousGetHandle());
        GC.KeepAlive(database);
        return error == 0 ? null : Marshal.GetPInvokeErrorMessage(error);
    }

    [LibraryImport(Name, EntryPoint = "sqlite3_libversion")]
    private static partial nint GetVersion();

    // A null name is the main database.
    [LibraryImport(Name, EntryPoint = "sqlite3_file_control")]
    private static partial int Control(nint database, nint name, int question, ref int answer);

    [LibraryImport(Name, EntryPoint = "sqlite3_system_errno")]
    private static partial int SystemError(nint database);
}

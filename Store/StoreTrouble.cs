using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Deploy.Store;

/// <summary>What SQLite's errors mean for the operator.</summary>
internal static class StoreTrouble
{
    /// <summary>True for what the world does to a store; false for a mistake of this program.</summary>
    public static bool IsOfTheWorld(SqliteException error) => error.SqliteErrorCode
        is raw.SQLITE_FULL or raw.SQLITE_IOERR or raw.SQLITE_READONLY or raw.SQLITE_CANTOPEN or raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB or raw.SQLITE_BUSY or raw.SQLITE_LOCKED
        or raw.SQLITE_NOMEM or raw.SQLITE_PERM or raw.SQLITE_PROTOCOL or raw.SQLITE_NOLFS or raw.SQLITE_AUTH;

    /// <summary>True where the file is not what it should be: nothing helps but another file.</summary>
    public static bool IsDamage(SqliteException error) => error.SqliteErrorCode is raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB;

    /// <summary>True where no room is left; a smaller write may still fit.</summary>
    public static bool IsFull(SqliteException error) => error.SqliteErrorCode == raw.SQLITE_FULL;

    /// <summary>What is wrong and the next step, on one line.</summary>
    /// <param name="error">What SQLite says.</param>
    /// <param name="path">The file; null in memory.</param>
    /// <param name="system">What the system said of it, or null.</param>
    public static string Of(SqliteException error, string? path, string? system)
    {
        string file = path ?? "the store in memory";
        return error.SqliteErrorCode switch
        {
            raw.SQLITE_FULL => $"{file} cannot be written: its file system is full; make room there",
            raw.SQLITE_READONLY or raw.SQLITE_PERM => $"{file} cannot be written: it is read-only{Said(system)}; look at its permissions and at how its file system is mounted",
            raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB => $"{file} is damaged ({Code(error)}); stop this daemon, move the file away and start without it",
            raw.SQLITE_CANTOPEN => $"{file} cannot be opened{Said(system)}; is its directory there, and may this user write to it?",
            raw.SQLITE_BUSY or raw.SQLITE_LOCKED => $"{file} cannot be written: another process holds it; see which with fuser(1)",
            _ => $"{file} cannot be used: {Code(error)}{Said(system)}; the kernel's log may say more",
        };
    }

    private static string Said(string? system) => system is null ? string.Empty : $" ({system})";

    private static string Code(SqliteException error) => $"{raw.sqlite3_errstr(error.SqliteExtendedErrorCode).utf8_to_string()}, {error.SqliteExtendedErrorCode}";
}

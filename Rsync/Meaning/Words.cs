using System.Buffers;

namespace Deploy.Rsync.Meaning;

/// <summary>Names inside commands that a person may copy to a shell.</summary>
internal static class Words
{
    private static readonly SearchValues<char> Plain =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-./:@%+=,");

    /// <summary>The name as one word of a shell: quoted unless it is plain, so that what an origin or a path holds is not run.</summary>
    public static string Shown(string name) =>
        name.Length > 0 && name[0] != '-' && !name.AsSpan().ContainsAnyExcept(Plain) ? name : "'" + name.Replace("'", "'\\''", StringComparison.Ordinal) + "'";
}

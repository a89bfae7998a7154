using System.Globalization;

namespace Deploy.Rsync;

/// <summary>What the answers to legacy status and rlist orders say about a run, in the original's words and forms.</summary>
/// <remarks>The lists are <see cref="SyncResult.NewNames"/> and <see cref="SyncResult.DeletedNames"/>, each by <see cref="RsyncName.LegacyText"/>.</remarks>
internal static class LegacyFacts
{
    /// <summary><c>transferFilesCount</c>: all deletions, directories included, and the regular files transferred; plain digits.</summary>
    public static string TransferFilesCount(SyncCounts counts) =>
        (counts.Deletions + counts.FilesTransferred).ToString(CultureInfo.InvariantCulture);

    /// <summary><c>transferFilesSize</c>: total size of the files transferred, bytes; plain digits.</summary>
    public static string TransferFilesSize(SyncCounts counts) => counts.BytesTransferred.ToString(CultureInfo.InvariantCulture);
}

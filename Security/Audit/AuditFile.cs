using Deploy.Logs;
using Deploy.Model;
using Deploy.Security.Files;
using Microsoft.Win32.SafeHandles;

namespace Deploy.Security.Audit;

/// <summary>The audit log on disk: appended to at a place that it remembers, so that what a full disk took in part is written over; put aside when it is full. One thread at a time.</summary>
internal sealed class AuditFile : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite; // 0600

    private readonly string directory;
    private readonly string path;
    private readonly long fullBytes;
    private readonly TimeProvider time;
    private readonly ILog log;
    private AuditHeadFile? head;
    private SafeFileHandle? file;
    private string? place; // where the kernel has it; another one when it was moved or deleted
    private long length; // up to the end of the last record that was written whole
    private bool isUncut; // more may stand behind it, of our own

    private AuditFile(string directory, long fullBytes, TimeProvider time, ILog log) => (this.directory, this.fullBytes, this.time, this.log, path) = (directory, fullBytes, time, log, Path.Combine(directory, AuditFiles.CurrentName));

    /// <summary>Where the chain ends in the files as they were found.</summary>
    public AuditEnd End { get; private set; } = AuditEnd.None;

    /// <summary>What was found behind the last record, until a record says so; null for nothing.</summary>
    public AuditTorn? Torn { get; private set; }

    /// <summary>Whether the next record is the first of its file.</summary>
    public bool IsEmpty => length == 0 && Torn is null;

    /// <summary>Opens the log of this directory, made where missing.</summary>
    /// <exception cref="UserError">It cannot be opened: what is ordered could not be recorded.</exception>
    public static AuditFile Open(string directory, long fullBytes, TimeProvider time, ILog log)
    {
        var opened = new AuditFile(directory, fullBytes, time, log);
        try
        {
            opened.OpenCurrent();
            (opened.End, opened.Torn) = AuditTail.Find(opened.file!, opened.length, () => LastOfFull(directory));
            opened.Compare();
            return opened;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            opened.Dispose();
            throw new UserError($"the audit log {opened.path} cannot be opened: {e.Message}", ExitCodes.Failed, "look at its permissions, and at the room on its file system");
        }
    }

    /// <summary>Before records are written: opens the log anew where it was moved or deleted, puts it aside where it is full. Null, or why nothing can be written.</summary>
    /// <param name="last">The number of the last record.</param>
    public string? Prepare(long last)
    {
        try
        {
            if (isUncut && file is not null)
            {
                CutBack();
            }

            if (file is null || PlaceOf(file) != place)
            {
                if (file is not null)
                {
                    log.Error($"the audit log {path} was moved or deleted while it was in use: it goes on in a new file");
                }

                OpenCurrent();
                if (length > 0)
                {
                    PutAside(last); // another file was put in its place
                }
            }
            else if (RandomAccess.GetLength(file) is var there && (there < length || (there > length && !isUncut)))
            {
                log.Error($"the audit log {path} has {there} bytes where {length} were written: somebody else {(there < length ? "cut it off" : "wrote into it")}; it goes on in a new file, and deploy audit verify shows the place");
                (length, Torn) = (there, null);
                if (length > 0)
                {
                    PutAside(last);
                }
            }
            else if (length >= fullBytes && Torn is null)
            {
                PutAside(last);
            }

            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Say(e);
        }
    }

    /// <summary>Appends records; null, or why nothing of them is kept.</summary>
    /// <param name="lines">Whole lines.</param>
    /// <param name="sync">Whether they are on disk when this ends.</param>
    public string? Append(ReadOnlySpan<byte> lines, bool sync)
    {
        try
        {
            RandomAccess.Write(file!, lines, length);
            if (sync)
            {
                RandomAccess.FlushToDisk(file!);
            }

            length += lines.Length;
            Torn = null;
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            CutBack();
            return Say(e);
        }
    }

    /// <summary>Puts on disk what was appended; null, or why that failed.</summary>
    public string? Sync()
    {
        try
        {
            RandomAccess.FlushToDisk(file!);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Say(e);
        }
    }

    /// <summary>Keeps beside the log where it ends, now that this is on disk.</summary>
    public void Keep(AuditEnd end) => head?.Write(end);

    public void Dispose()
    {
        file?.Dispose();
        head?.Dispose();
        file = null;
    }

    /// <summary>Holds what was found against what was written last. Where less is left, the chain goes on behind what was written, so that the gap stays for whoever verifies and is no new beginning.</summary>
    private void Compare()
    {
        head = AuditHeadFile.Open(directory);
        if (head.Read() is { } kept && kept.Seq >= End.Seq && kept != End)
        {
            log.Error($"the audit log {path} ends with record {End.Seq}, and record {kept.Seq} with the hash {kept.Hash} was written: records were cut off, changed or moved away; deploy audit verify shows the place");
            End = kept;
        }

        if (Torn is { HasLines: true })
        {
            log.Error($"the audit log {path} has lines behind its last record that are none, and no kill leaves such: they stay, it goes on in a new file, and deploy audit verify shows the place");
            PutAside(End.Seq);
        }

        if (End.Seq > 0 && Torn is not { Sha256: null })
        {
            head.Write(End); // of one that lacks its line feed, once it has that: the head is never ahead of the file
        }
    }

    private void OpenCurrent()
    {
        file?.Dispose();
        file = null;
        if (StrictModes.FolderMistake(Path.GetFullPath(directory)) is { } mistake)
        {
            throw new IOException(mistake); // whoever may write there could put anything in its place
        }

        int errno = NativeFile.Open(path, NativeFile.ReadWrite | NativeFile.Create | NativeFile.NoFollow, out var opened);
        file = opened;
        if (errno != 0 || FileFacts.Of(file) is not { IsRegular: true })
        {
            file.Dispose();
            file = null;
            throw new IOException(errno == 0 ? "it is no regular file" : NativeFile.ErrorText(errno));
        }

        File.SetUnixFileMode(file, OwnerOnly);
        using (var folder = NativeFile.Open(directory, NativeFile.ReadOnly, out var names) == 0 ? names : null)
        {
            _ = folder is null ? 0 : NativeFile.Sync(folder); // a new name is on disk only when its directory is
        }

        length = RandomAccess.GetLength(file);
        place = PlaceOf(file);
        Torn = null;
        isUncut = false;
    }

    /// <summary>Gives the full file its name for good, and begins the next; the oldest goes when there are too many.</summary>
    private void PutAside(long last)
    {
        RandomAccess.FlushToDisk(file!);
        File.Move(path, AuditFiles.FullName(directory, last, time.GetUtcNow()));
        OpenCurrent();
        foreach (string old in AuditFiles.Full(directory).SkipLast(Limits.AuditFiles - 1))
        {
            File.Delete(old);
        }
    }

    /// <summary>Takes away what was written of records in part; where even that fails, the next ones are written over it.</summary>
    private void CutBack()
    {
        try
        {
            if (RandomAccess.GetLength(file!) > length)
            {
                RandomAccess.SetLength(file!, length);
            }

            isUncut = false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            isUncut = true; // the trouble is told by whoever calls
        }
    }

    private string Say(Exception e) => $"the audit log {path} cannot be written: {e.Message}";

    private static AuditEnd LastOfFull(string directory)
    {
        foreach (string full in AuditFiles.Full(directory).Reverse())
        {
            using var file = File.OpenHandle(full, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (AuditTail.Find(file, RandomAccess.GetLength(file), () => AuditEnd.None).End is { Seq: > 0 } end)
            {
                return end;
            }
        }

        return AuditEnd.None;
    }

    /// <summary>The path that an open file has now, as proc(5) tells; null where that is not mounted.</summary>
    private static string? PlaceOf(SafeFileHandle file) => new FileInfo($"/proc/self/fd/{file.DangerousGetHandle()}").LinkTarget;
}

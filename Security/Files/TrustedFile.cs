using System.Buffers;
using Deploy.Model.Text;
using Microsoft.Win32.SafeHandles;

namespace Deploy.Security.Files;

/// <summary>
/// A file that says who may, read whenever somebody asks. No stamp is gone by: a link, a copy that keeps its times, and two writes within one tick of the clock would all hide that somebody's right
/// was taken away, and the file is small.
/// </summary>
/// <param name="path">Which. A link is followed, each time.</param>
/// <param name="mostBytes">More is refused.</param>
/// <param name="daemon">Whose it may be, as <see cref="StrictModes"/> has it.</param>
internal sealed class TrustedFile(string path, int mostBytes, uint? daemon = null)
{
    private readonly string full = System.IO.Path.GetFullPath(path);
    private byte[]? last;

    /// <summary>As it was given.</summary>
    public string Path => path;

    /// <summary>What it holds now: the same array for as long as that is the same. Null where there is none, and where it cannot be read or proves nothing: then <paramref name="why"/> says so.</summary>
    /// <param name="why">One line, safe to print; with the command that mends it, where one does.</param>
    public byte[]? Read(out string? why)
    {
        byte[]? former = last;
        last = null; // whatever goes wrong: the next look is a first one
        int errno = NativeFile.Open(full, NativeFile.ReadOnly, out var file);
        using (file)
        {
            why = errno == 0 ? Mistake(file) : errno == NativeFile.NoEntry ? null : $"it cannot be read: {NativeFile.ErrorText(errno)}";
            return errno != 0 || why is not null ? null : last = Read(file, former, out why);
        }
    }

    private string? Mistake(SafeFileHandle file) => FileFacts.Of(file) is not { IsRegular: true } facts ? "it is no regular file" : StrictModes.Mistake(facts, full, daemon);

    private byte[]? Read(SafeFileHandle file, byte[]? former, out string? why)
    {
        why = null;
        byte[] bytes = [];
        try
        {
            if (RandomAccess.GetLength(file) is var size && size > mostBytes)
            {
                why = $"it has over {mostBytes} bytes";
                return null;
            }

            bytes = ArrayPool<byte>.Shared.Rent((int)size);
            int length = 0;
            for (int got; length < size && (got = RandomAccess.Read(file, bytes.AsSpan(length, (int)size - length), length)) > 0; length += got)
            {
            }

            return former is not null && bytes.AsSpan(0, length).SequenceEqual(former) ? former : bytes[..length];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            why = $"it cannot be read: {SafeText.Of(error.Message)}";
            return null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }
}

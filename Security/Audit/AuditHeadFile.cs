using System.Globalization;
using System.Text;
using Deploy.Security.Files;
using Microsoft.Win32.SafeHandles;

namespace Deploy.Security.Audit;

/// <summary>
/// Where an audit log ended when it was last on disk, kept beside it: a tail that is cut off, and a file that is moved away, show by it. One line in its place: the number in 19 digits, a blank, the
/// hash. It is written behind the records, so it is never ahead of them; whoever may write the log may write it too.
/// </summary>
internal sealed class AuditHeadFile : IDisposable
{
    /// <summary>Its name, in the state directory.</summary>
    public const string Name = "audit.head";

    private const int Digits = 19; // of the largest number of 64 bits
    private const int Bytes = Digits + 1 + 64 + 1;

    private readonly SafeFileHandle file;

    private AuditHeadFile(SafeFileHandle file) => this.file = file;

    /// <summary>Opens that of a state directory, made where missing.</summary>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public static AuditHeadFile Open(string directory)
    {
        int errno = NativeFile.Open(Path.Combine(directory, Name), NativeFile.ReadWrite | NativeFile.Create | NativeFile.NoFollow, out var file);
        if (errno == 0 && FileFacts.Of(file) is { IsRegular: true })
        {
            return new AuditHeadFile(file);
        }

        file.Dispose();
        throw new IOException($"{Name}: {(errno == 0 ? "it is no regular file" : NativeFile.ErrorText(errno))}");
    }

    /// <summary>What that of a state directory says; null where there is none, or none that can be read.</summary>
    public static AuditEnd? Read(string directory)
    {
        int errno = NativeFile.Open(Path.Combine(directory, Name), NativeFile.ReadOnly | NativeFile.NoFollow, out var file);
        using (file)
        {
            return errno == 0 && FileFacts.Of(file) is { IsRegular: true } ? Read(file) : null;
        }
    }

    /// <summary>What it says; null for nothing.</summary>
    public AuditEnd? Read() => Read(file);

    /// <summary>Writes where the log ends now. Where that fails the file stays behind, which proves less, and nothing wrong.</summary>
    public void Write(AuditEnd end)
    {
        try
        {
            RandomAccess.Write(file, Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{end.Seq:D19} {end.Hash}\n")), 0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The log itself tells of a disk that cannot be written.
        }
    }

    public void Dispose() => file.Dispose();

    private static AuditEnd? Read(SafeFileHandle file)
    {
        byte[] bytes = new byte[Bytes];
        string text = Encoding.Latin1.GetString(bytes, 0, RandomAccess.Read(file, bytes, 0));
        return text.Length == Bytes && text[Digits] == ' ' && text[^1] == '\n' && text[(Digits + 1)..^1].All(char.IsAsciiHexDigitLower)
            && long.TryParse(text.AsSpan(0, Digits), NumberStyles.None, CultureInfo.InvariantCulture, out long seq) && seq > 0 ? new AuditEnd(seq, text[(Digits + 1)..^1]) : null;
    }
}

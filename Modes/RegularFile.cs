using Deploy.Config;
using Deploy.Security;

namespace Deploy.Modes;

/// <summary>Reads configuration files; what is no file (a pipe, a device) is refused: opening it could wait for ever, and a stop with it. /dev/null is an empty file.</summary>
internal static class RegularFile
{
    /// <summary>The bytes of this file, or why there are none.</summary>
    public static FileContent Read(string path)
    {
        const int TypeMask = 0xF000, Regular = 0x8000, Directory = 0x4000; // S_IFMT, S_IFREG, S_IFDIR, sys/stat.h
        return path is not ("" or "/dev/null") && !path.Contains('\0') && FileFacts.Of(FileFacts.RealPath(Path.GetFullPath(path))) is { } facts && (facts.Mode & TypeMask) is not (Regular or Directory)
            ? new FileContent.Unreadable("is no regular file")
            : ConfigFile.Read(path);
    }
}

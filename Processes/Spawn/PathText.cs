using Deploy.Model.Text;
using Deploy.Processes.Native;

namespace Deploy.Processes.Spawn;

/// <summary>Questions about paths that are ByteText, asked of the kernel with their very bytes (System.IO would mangle what is not UTF-8).</summary>
internal static unsafe class PathText
{
    /// <summary>The bytes with the NUL that C wants at their end.</summary>
    public static byte[] Terminated(string path) => [.. ByteText.ToBytes(path), 0];

    /// <summary>0 when the path names something that this process may execute (or, a directory, enter); else the errno.</summary>
    public static int ExecuteAccess(string path) => Access(path, Libc.X_OK);

    /// <summary>True when the path exists and is a directory.</summary>
    public static bool IsDirectory(string path) => Access(path + "/.", 0) is 0 or Libc.EACCES;

    /// <summary>True when something stands there, whatever it is.</summary>
    public static bool Exists(string path) => Access(path, 0) == 0;

    private static int Access(string path, int mode)
    {
        fixed (byte* bytes = Terminated(path))
        {
            return Libc.faccessat(Libc.AT_FDCWD, bytes, mode, Libc.AT_EACCESS) == 0 ? 0 : System.Runtime.InteropServices.Marshal.GetLastPInvokeError();
        }
    }
}

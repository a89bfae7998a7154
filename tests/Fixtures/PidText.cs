using System.Text;
using Deploy.Processes.Native;

namespace Deploy.Tests.Fixtures;

/// <summary>Reads a pid file that a daemon holds.</summary>
internal static class PidText
{
    /// <summary>Its text. By read(2): .NET would take a lock of its own accord, and the daemon's stands against it.</summary>
    public static string Of(string path)
    {
        byte[] text = new byte[64];
        int length = SmallFile.Read(Libc.AT_FDCWD, path, text);
        return length < 0 ? throw new FileNotFoundException("no pid file", path) : Encoding.ASCII.GetString(text, 0, length);
    }
}

using System.Runtime.CompilerServices;
using Xunit;

namespace Deploy.Tests.Protocol;

/// <summary>The recorded wire of the original programs, plain form: <c>Recordings/NAME.{c2s.bin,s2c.bin,client_stdout.txt}</c>.</summary>
internal static class WireRecording
{
    public static byte[] FromServer(string name) => File.ReadAllBytes(Path.Combine(Folder(), name + ".s2c.bin"));

    public static byte[] FromClient(string name) => File.ReadAllBytes(Path.Combine(Folder(), name + ".c2s.bin"));

    /// <summary>What deploy-client of the original printed.</summary>
    public static string Printed(string name) => File.ReadAllText(Path.Combine(Folder(), name + ".client_stdout.txt"));

    /// <summary>The body of a request or an answer.</summary>
    public static byte[] Body(byte[] message) => message[(message.AsSpan().IndexOf("\r\n\r\n"u8) + 4)..];

    /// <summary>Every exchange whose outcome the original printed as JSON.</summary>
    public static TheoryData<string> Exchanges()
    {
        var names = new TheoryData<string>();
        foreach (string file in Directory.EnumerateFiles(Folder(), "*.client_stdout.txt").Order(StringComparer.Ordinal))
        {
            string name = Path.GetFileName(file).Replace(".client_stdout.txt", string.Empty, StringComparison.Ordinal);
            if (Printed(name).StartsWith('{'))
            {
                names.Add(name);
            }
        }

        return names;
    }

    private static string Folder([CallerFilePath] string thisFile = "") => Path.Combine(Path.GetDirectoryName(thisFile)!, "Recordings");
}

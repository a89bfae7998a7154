using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Deploy.Protocol.Ssl;
using Xunit;

namespace Deploy.Tests.Protocol.Ssl;

/// <summary>The recorded wire of the original programs, ssl form: <c>Recordings/NAME.{c2s,s2c,aeskey,c2s.plain,s2c.plain}.bin</c>, and the throw-away key pair of all of them.</summary>
internal static class SslRecording
{
    public static byte[] Bytes(string file) => File.ReadAllBytes(Path.Combine(Folder(), file));

    public static string Printed(string name) => File.ReadAllText(Path.Combine(Folder(), name + ".client_stdout.txt"));

    public static TheoryData<string> Names() =>
        [.. Directory.EnumerateFiles(Folder(), "*.aeskey.bin").Select(file => Path.GetFileName(file)[..^".aeskey.bin".Length]).Where(name => name != "ssl_client_plain_agent").Order(StringComparer.Ordinal)];

    public static PrivateKey PrivateKey { get; } = PrivateKey.Read(PrivatePem, out _)!;

    public static PublicKey PublicKey { get; } = PublicKey.Read(Bytes("public.pem"), out _)!;

    public static byte[] PrivatePem => System.Text.Encoding.ASCII.GetBytes(PemEncoding.WriteString("RSA PRIVATE KEY", Bytes("private.der")) + "\n");

    /// <summary>What follows the head's empty line.</summary>
    public static byte[] Message(byte[] wire) => wire[(wire.AsSpan().IndexOf("\r\n\r\n"u8) + 4)..];

    private static string Folder([CallerFilePath] string thisFile = "") => Path.Combine(Path.GetDirectoryName(thisFile)!, "Recordings");
}

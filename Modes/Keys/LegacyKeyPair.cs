using System.Security.Cryptography;
using System.Text;
using Deploy.Model;
using Deploy.Model.Text;

namespace Deploy.Modes.Keys;

/// <summary>A new pair of RSA keys in two PEM files, in the forms that the original's Crypt::OpenSSL::RSA reads: PKCS#1 for the private one, SPKI for the public one.</summary>
internal static class LegacyKeyPair
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite; // 0600
    private const UnixFileMode Everybody = OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead; // 0644

    /// <summary>Makes and writes one; the paths of both files.</summary>
    /// <param name="place">A directory that is there, or what both paths begin with.</param>
    /// <param name="bits">Of the modulus.</param>
    /// <exception cref="UserError">A file is there already, or cannot be written; then neither is left behind.</exception>
    public static (string Private, string Public) Write(string place, int bits)
    {
        bool isDirectory = place.EndsWith('/') || Directory.Exists(place);
        string Named(string name) => isDirectory ? Path.Combine(place, name) : place + name;
        var (privatePath, publicPath) = (Named("private.pem"), Named("public.pem"));
        using var rsa = RSA.Create(bits);
        WriteNew(privatePath, rsa.ExportRSAPrivateKeyPem(), OwnerOnly);
        try
        {
            WriteNew(publicPath, rsa.ExportSubjectPublicKeyInfoPem(), Everybody);
        }
        catch (UserError)
        {
            File.Delete(privatePath); // ours, of a moment ago
            throw;
        }

        return (privatePath, publicPath);
    }

    private static void WriteNew(string path, string pem, UnixFileMode mode)
    {
        string shown = SafeText.Of(path);
        bool made = false;
        try
        {
            // Exclusively, and with its mode from the first moment: no file or link that is there is written through.
            using var file = new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = mode });
            made = true;
            file.Write(Encoding.ASCII.GetBytes(pem + "\n"));
            file.Flush(flushToDisk: true);
        }
        catch (IOException) when (!made && (File.Exists(path) || new FileInfo(path).LinkTarget is not null))
        {
            throw new UserError($"{shown} is there already, and a key is never overwritten", ExitCodes.Failed, "name another place with --out, or move that file away if nothing needs it");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            if (made)
            {
                File.Delete(path);
            }

            string why = error switch
            {
                UnauthorizedAccessException => "permission denied",
                DirectoryNotFoundException => "there is no such directory",
                _ => error.Message,
            };
            throw new UserError($"{shown} cannot be written: {why}", ExitCodes.Failed, "name a directory that is there and yours with --out");
        }
    }
}

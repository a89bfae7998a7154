using Deploy.Config;
using Deploy.Model;
using Deploy.Model.Text;

namespace Deploy.Modes;

/// <summary>Where a secret comes from: the command line, a file that it names, the environment, a file that the configuration names; the first of these that is there.</summary>
internal static class Secrets
{
    private const int MaxBytes = 4096; // a key is a line

    /// <summary>The secret, or null when none is given. A value of the command line is written over in the process list.</summary>
    /// <param name="value">The option's value, or null.</param>
    /// <param name="file">A file whose first line is the secret, or null.</param>
    /// <param name="variable">An environment variable's name.</param>
    /// <param name="configured">As <paramref name="file"/>, by a configuration file; null where that names none.</param>
    public static Secret? Find(string? value, string? file, string variable, Positioned<string>? configured = null)
    {
        return OfCommandLine(value, file) ?? (Surroundings.Variable(variable) is { } given ? new Secret(given)
            : configured is { } named ? FromFile(named.Value, named.Position)
            : null);
    }

    /// <summary>What the command line gives; null when it gives none. A value is written over in the process list.</summary>
    /// <param name="value">The option's value, or null.</param>
    /// <param name="file">A file whose first line is the secret, or null.</param>
    public static Secret? OfCommandLine(string? value, string? file)
    {
        if (value is not null)
        {
            CommandLine.Hide(value);
            return new Secret(value);
        }

        return file is null ? null : FromFile(file);
    }

    /// <summary>The first line of a key's file, without its line end; null when it is longer than any key.</summary>
    public static string? FirstLine(ReadOnlySpan<byte> file)
    {
        file = file.StartsWith("\uFEFF"u8) ? file[3..] : file;
        int end = file.IndexOf((byte)'\n');
        var line = (end < 0 ? file : file[..end]).TrimEnd((byte)'\r');
        return line.Length > MaxBytes ? null : ByteText.FromBytes(line);
    }

    /// <param name="file">The file.</param>
    /// <param name="namedAt">Where the configuration names it; null where the command line does.</param>
    private static Secret FromFile(string file, Position? namedAt = null)
    {
        string shown = namedAt is { } at ? SafeText.Of($"{at}: the key file {file}") : $"key file {SafeText.Of(file)}";
        try
        {
            using var stream = File.OpenRead(file);
            byte[] bytes = new byte[MaxBytes + 2];
            int length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            string line = FirstLine(bytes.AsSpan(0, length))
                ?? throw new UserError($"{shown}: its first line is no key: it is over {MaxBytes} bytes", ExitCodes.Failed);
            return line.Length > 0 ? new Secret(line) : throw new UserError($"{shown}: its first line is empty", ExitCodes.Failed, "write the key there, alone in its line");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            string why = error switch
            {
                FileNotFoundException or DirectoryNotFoundException => "it is not there",
                UnauthorizedAccessException => "permission denied",
                _ => "it cannot be read",
            };
            throw new UserError($"{shown}: {why}", ExitCodes.Failed);
        }
    }
}

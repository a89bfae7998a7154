using Deploy.Model;

namespace Deploy.Modes;

/// <summary>Where a secret comes from: the command line, a file, or the environment; the first of these that is there.</summary>
internal static class Secrets
{
    private const int MaxBytes = 4096; // a key is a line

    /// <summary>The secret, or null when none is given. A value of the command line is written over in the process list.</summary>
    /// <param name="value">The option's value, or null.</param>
    /// <param name="file">A file whose first line is the secret, or null.</param>
    /// <param name="variable">An environment variable's name.</param>
    public static Secret? Find(string? value, string? file, string variable)
    {
        if (value is not null)
        {
            CommandLine.Hide(value);
            return new Secret(value);
        }

        if (file is not null)
        {
            return FromFile(file);
        }

#pragma warning disable RS0030 // The environment is read in Modes.
        return Environment.GetEnvironmentVariable(variable) is { Length: > 0 } given ? new Secret(given) : null;
#pragma warning restore RS0030
    }

    private static Secret FromFile(string file)
    {
        try
        {
            using var stream = File.OpenRead(file);
            using var reader = new StreamReader(stream);
            char[] text = new char[MaxBytes + 1];
            int length = reader.ReadBlock(text);
            string line = new string(text, 0, length).Split('\n')[0].TrimEnd('\r');
            if (length > MaxBytes && line.Length > MaxBytes)
            {
                throw new UserError($"the first line of {file} is no key: it is over {MaxBytes} characters", ExitCodes.Failed);
            }

            return line.Length > 0 ? new Secret(line) : throw new UserError($"the first line of {file} is empty", ExitCodes.Failed, "write the key there, alone in its line");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserError($"cannot read the key file {file}: {error.Message}", ExitCodes.Failed);
        }
    }
}

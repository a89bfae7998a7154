using System.Globalization;
using System.Text;
using Deploy.Model.Text;

namespace Deploy.Tui.Loop;

/// <summary>What is on the screen as a new file, e.g. <c>deploy-fleet-20261122-140203.txt</c>: it never writes into one that is there, nor through a link.</summary>
internal static class ExportFile
{
    /// <summary>Files of one second; then something is wrong.</summary>
    private const int MostOfOneSecond = 100;

    /// <summary>Writes it, readable by its owner alone.</summary>
    /// <param name="directory">Where.</param>
    /// <param name="name">The start of its name; other than letters, digits, - and _ become -.</param>
    /// <param name="text">What; neutralised but for line breaks and tabs.</param>
    /// <param name="now">For its name, in the operator's zone.</param>
    /// <returns>A line that says where, or why not.</returns>
    public static Message.Said Write(string directory, string name, string text, DateTimeOffset now)
    {
        string safe = SafeText.Of(text, SafeTextKeep.Newline | SafeTextKeep.Tab);
        byte[] bytes = Encoding.UTF8.GetBytes(safe.Length == 0 || safe.EndsWith('\n') ? safe : safe + "\n");
        string start = string.Concat(name.Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' ? letter : '-'));
        string moment = now.ToString("yyyyMMdd'-'HHmmss", CultureInfo.InvariantCulture);
        for (int number = 1; ; number++)
        {
            string suffix = number == 1 ? string.Empty : "-" + number.ToString(CultureInfo.InvariantCulture);
            string path = Path.GetFullPath(Path.Combine(directory, $"{start}-{moment}{suffix}.txt"));
            bool isMade = false;
            try
            {
                // CreateNew is O_CREAT and O_EXCL.
                using var file = new FileStream(path, new FileStreamOptions
                {
                    Mode = FileMode.CreateNew,
                    Access = FileAccess.Write,
                    BufferSize = 0,
                    UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
                });
                isMade = true;
                file.Write(bytes);
                return new Message.Said($"written to {SafeText.Of(path)}", IsTrouble: false);
            }
            catch (IOException) when (!isMade && number < MostOfOneSecond && Exists(path))
            {
                // The next number; whatever has this name, also a link that leads nowhere.
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                if (isMade)
                {
                    File.Delete(path); // half of it would look like all of it
                }

                return new Message.Said($"cannot export: {SafeText.Of(error.Message)}", IsTrouble: true);
            }
        }
    }

    private static bool Exists(string path) => Path.Exists(path) || new FileInfo(path).LinkTarget is not null;
}

using System.Runtime.CompilerServices;
using System.Text;
using Xunit;

namespace Deploy.Tests.Golden;

/// <summary>Compares text with <c>Name.verified.txt</c> beside the test; DEPLOY_ACCEPT=1 rewrites it, a person reads it before it is committed.</summary>
internal static class Golden
{
    /// <summary>Fails with both texts when they differ, and leaves <c>Name.received.txt</c> beside the verified file.</summary>
    /// <param name="actual">The text, with ids, times and paths already made equal on every machine.</param>
    /// <param name="name">The file's name without its ending; unique in the test's folder.</param>
    /// <param name="sourceFile">Filled in by the compiler.</param>
    public static void Verify(string actual, string name, [CallerFilePath] string sourceFile = "")
    {
        string folder = Path.GetDirectoryName(sourceFile)!;
        string verified = Path.Combine(folder, name + ".verified.txt");
        string received = Path.Combine(folder, name + ".received.txt");
        if (Environment.GetEnvironmentVariable("DEPLOY_ACCEPT") == "1")
        {
            File.WriteAllText(verified, actual, new UTF8Encoding(false));
            File.Delete(received);
            return;
        }

        string expected = File.Exists(verified) ? File.ReadAllText(verified) : string.Empty;
        if (expected != actual)
        {
            File.WriteAllText(received, actual, new UTF8Encoding(false));
        }
        else
        {
            File.Delete(received);
        }

        Assert.Equal(expected, actual);
    }
}

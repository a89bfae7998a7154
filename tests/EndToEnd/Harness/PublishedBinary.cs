using System.Runtime.CompilerServices;
using Xunit;

namespace Deploy.Tests.EndToEnd.Harness;

/// <summary>The binary that ships: the one that $DEPLOY_BINARY names, else <c>out/deploy</c> of this repository.</summary>
internal static class PublishedBinary
{
    /// <summary>Its path; a test fails here, and says how to get one, where there is none.</summary>
    public static string Path
    {
        get
        {
            string path = Environment.GetEnvironmentVariable("DEPLOY_BINARY") is { Length: > 0 } named ? named : System.IO.Path.Combine(Root(), "out", "deploy");
            Assert.True(File.Exists(path), $"there is no published binary at {path}: run ./build publish, or name one with DEPLOY_BINARY");
            return path;
        }
    }

    /// <summary>A file beside it, e.g. <c>deploy-static</c>: there or not.</summary>
    public static string Beside(string name) => System.IO.Path.Combine(System.IO.Path.GetDirectoryName(Path)!, name);

    /// <summary>The C library and rsync of an old Debian release, made by packaging/sysroot.sh for the portable binary: there or not.</summary>
    public static string OldRelease => System.IO.Path.Combine(Root(), "artifacts", "sysroot", "root");

    private static string Root([CallerFilePath] string thisFile = "") => System.IO.Path.GetFullPath(System.IO.Path.Combine(System.IO.Path.GetDirectoryName(thisFile)!, "../../.."));
}

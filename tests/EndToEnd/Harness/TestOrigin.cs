using Deploy.Tests.Fixtures;

namespace Deploy.Tests.EndToEnd.Harness;

/// <summary>An rsync daemon with a small tree and a large file.</summary>
internal sealed class TestOrigin : IDisposable
{
    private readonly RsyncDaemon daemon;

    private TestOrigin(RsyncDaemon daemon) => this.daemon = daemon;

    /// <summary>Two files, <c>index.html</c> and <c>css/main.css</c>, 10 bytes.</summary>
    public string Site => daemon.Url("site");

    /// <summary>One file, <see cref="BigName"/>, of as many bytes as asked.</summary>
    public string Big => daemon.Url("big");

    /// <summary>The name of the large file.</summary>
    public const string BigName = "big.bin";

    /// <summary>Options of a group that takes so many KiB a second.</summary>
    public static string[] Slowly(int kibPerSecond) => ["--archive", $"--bwlimit={kibPerSecond}"];

    /// <summary>Starts it below this folder.</summary>
    public static TestOrigin Start(TempFolder folder, long bigBytes = 20_000_000)
    {
        Directory.CreateDirectory(folder["origin/site/css"]);
        Directory.CreateDirectory(folder["origin/big"]);
        File.WriteAllText(folder["origin/site/index.html"], "index");
        File.WriteAllText(folder["origin/site/css/main.css"], "style");
        using (var big = File.Create(folder["origin/big/" + BigName]))
        {
            big.SetLength(bigBytes);
        }

        return new TestOrigin(RsyncDaemon.Start(folder.Path, [new RsyncModule("site", folder["origin/site"]), new RsyncModule("big", folder["origin/big"])]));
    }

    public void Dispose() => daemon.Dispose();
}

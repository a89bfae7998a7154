using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Deploy.Rsync;
using Deploy.Rsync.Arguments;

namespace Deploy.Bench.Stage;

/// <summary>An rsync daemon on loopback that serves one tree.</summary>
/// <param name="Url">What a group reads.</param>
internal sealed record Origin(string Url)
{
    private const int Attempts = 500; // of 10 ms

    /// <summary>Starts one.</summary>
    /// <param name="scene">Where.</param>
    /// <param name="tree">The directory that it serves.</param>
    public static Origin Start(Scene scene, string tree)
    {
        int port = FreePort();
        string configuration = scene.Place("rsyncd.conf");
        string log = scene.Place("rsyncd.log");
        string ids = Environment.IsPrivilegedProcess ? "uid = 0\ngid = 0\n" : string.Empty;
        File.WriteAllText(configuration, string.Create(
            CultureInfo.InvariantCulture,
            $"use chroot = no\nreverse lookup = no\naddress = 127.0.0.1\nport = {port}\nlog file = {log}\n{ids}[tree]\npath = {tree}\n"));
        var daemon = scene.Start(log, Scene.Program("rsync"), "--daemon", "--no-detach", "--config=" + configuration);
        for (int attempt = 0; !Answers(port); attempt++)
        {
            scene.Stop.ThrowIfCancellationRequested();
            if (attempt == Attempts || !daemon.IsAlive)
            {
                throw new BenchError($"no rsync daemon on port {port}: {File.ReadAllText(log)}");
            }

            Thread.Sleep(10);
        }

        return new Origin(string.Create(CultureInfo.InvariantCulture, $"rsync://127.0.0.1:{port}/tree/"));
    }

    /// <summary>rsync and its arguments, as an agent calls it for this origin, without what an agent adds for speed.</summary>
    /// <param name="target">What is written.</param>
    /// <param name="dryRun">Or only counted.</param>
    /// <param name="options">The group's options; null for none of its own.</param>
    public IReadOnlyList<string> RsyncTo(string target, bool dryRun, IReadOnlyList<string>? options = null) =>
        [Scene.Program("rsync"), .. ArgumentList.For(new SyncCall { Origin = Url, Target = target, DryRun = dryRun, Options = options }, new RsyncVersion(3, 1, 0)).Words.Where(word => word != ArgumentList.WithoutDelay)]; // from 3.1 on they are the same

    private static bool Answers(int port)
    {
        using var client = new TcpClient();
        try
        {
            client.Connect(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

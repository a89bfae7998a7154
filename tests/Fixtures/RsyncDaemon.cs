using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Deploy.Tests.Fixtures;

/// <summary>One module of a test's rsync daemon.</summary>
/// <param name="Name">Its name in an rsync URL.</param>
/// <param name="Path">The directory behind it.</param>
internal sealed record RsyncModule(string Name, string Path)
{
    /// <summary>A user who must say <see cref="Password"/>; null lets everybody in.</summary>
    public string? User { get; init; }

    public string Password { get; init; } = "secret";

    /// <summary>rsyncd's <c>max connections</c>; 0 for no limit.</summary>
    public int MaxConnections { get; init; }

    /// <summary>Further lines of its section, e.g. <c>hosts deny = *</c>.</summary>
    public string Further { get; init; } = string.Empty;
}

/// <summary>A real rsync daemon on 127.0.0.1 and a free port, with its files in the test's own directory; stopped and waited for by Dispose.</summary>
internal sealed class RsyncDaemon : IDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(20);

    private readonly Process _process;

    private RsyncDaemon(Process process, int port) => (_process, Port) = (process, port);

    public int Port { get; }

    /// <summary>Its first process, which forks one for each connection.</summary>
    public int Pid => _process.Id;

    /// <summary>Starts one and waits until it answers.</summary>
    /// <param name="directory">A directory of the test's own, for configuration, secrets, lock and log.</param>
    /// <param name="modules">What it serves.</param>
    /// <param name="motd">A message of the day, or null.</param>
    public static RsyncDaemon Start(string directory, IReadOnlyList<RsyncModule> modules, string? motd = null)
    {
        // Between finding a free port and listening on it another may take it: try again then.
        for (int attempt = 1; ; attempt++)
        {
            int port = FreePort();
            var process = Process.Start(new ProcessStartInfo("/usr/bin/rsync")
            {
                ArgumentList = { "--daemon", "--no-detach", "--address=127.0.0.1", $"--port={port}", "--config=" + Configure(directory, port, modules, motd) },
                RedirectStandardInput = true, // a socket there would mean inetd
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            if (Answers(process, port))
            {
                return new RsyncDaemon(process, port);
            }

            string log = process.HasExited ? process.StandardError.ReadToEnd() : "it does not answer";
            process.Kill(entireProcessTree: true);
            process.Dispose();
            if (attempt == 5)
            {
                throw new InvalidOperationException($"no rsync daemon: {log}");
            }
        }
    }

    /// <summary><c>rsync://127.0.0.1:PORT/module/path</c>.</summary>
    public string Url(string module, string path = "", string? user = null) => $"rsync://{(user is null ? string.Empty : user + "@")}127.0.0.1:{Port}/{module}/{path}";

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }

    private static string Configure(string directory, int port, IReadOnlyList<RsyncModule> modules, string? motd)
    {
        string Place(string name) => Path.Combine(directory, $"rsyncd-{port}{name}");
        var text = new StringBuilder();
        text.AppendLine("use chroot = no").AppendLine("reverse lookup = no").AppendLine($"log file = {Place(".log")}").AppendLine($"pid file = {Place(".pid")}").AppendLine($"lock file = {Place(".lock")}");
        if (motd is not null)
        {
            File.WriteAllText(Place(".motd"), motd);
            text.AppendLine($"motd file = {Place(".motd")}");
        }

        if (Environment.IsPrivilegedProcess)
        {
            text.AppendLine("uid = 0").AppendLine("gid = 0");
        }

        foreach (var module in modules)
        {
            text.AppendLine($"[{module.Name}]").AppendLine($"path = {module.Path}").AppendLine("read only = yes").AppendLine(CultureInfo.InvariantCulture, $"max connections = {module.MaxConnections}").AppendLine(module.Further);
            if (module.User is not null)
            {
                string secrets = Place($"-{module.Name}.secrets");
                File.WriteAllText(secrets, $"{module.User}:{module.Password}\n");
                if (OperatingSystem.IsLinux())
                {
                    File.SetUnixFileMode(secrets, UnixFileMode.UserRead | UnixFileMode.UserWrite);
                }

                text.AppendLine($"auth users = {module.User}").AppendLine($"secrets file = {secrets}");
            }
        }

        File.WriteAllText(Place(".conf"), text.ToString());
        return Place(".conf");
    }

    private static bool Answers(Process process, int port)
    {
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < StartTimeout && !process.HasExited)
        {
            using var client = new TcpClient();
            try
            {
                client.Connect(IPAddress.Loopback, port);
                client.ReceiveTimeout = 5000;
                byte[] greeting = new byte[8];
                client.GetStream().ReadExactly(greeting);
                if (greeting.AsSpan().SequenceEqual("@RSYNCD:"u8))
                {
                    return !process.HasExited;
                }
            }
            catch (Exception exception) when (exception is SocketException or IOException)
            {
                Thread.Sleep(20);
            }
        }

        return false;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

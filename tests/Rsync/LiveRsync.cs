using Deploy.Logs;
using Deploy.Processes;
using Deploy.Rsync;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.Rsync;

/// <summary>One test's directory, daemon and runner; what it leaves behind fails the test.</summary>
internal sealed class LiveRsync : IAsyncDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    private readonly Children _children = new(null, new NoLog());
    private readonly List<RsyncDaemon> _daemons = [];

    public LiveRsync()
    {
        Directory.CreateDirectory(Origin);
        Runner = new RsyncRunner(_children, new NoLog());
    }

    public string Root { get; } = Directory.CreateTempSubdirectory("deploy-rsync-").FullName;

    public string Origin => Path.Combine(Root, "origin");

    public string Target => Path.Combine(Root, "target");

    public RsyncRunner Runner { get; }

    /// <summary>True where rsync is killed and cannot clean up.</summary>
    public bool MayLeaveTemporaryFiles { get; init; }

    /// <summary>Asks for versions with a timeout of the test's own.</summary>
    public RsyncVersions Versions(TimeSpan timeout) => new(_children, Deploy.Rsync.Arguments.RsyncEnvironment.OfThisHost(), timeout);

    /// <summary>A daemon that is stopped with this.</summary>
    public RsyncDaemon Daemon(string? motd = null, params RsyncModule[] modules)
    {
        var daemon = RsyncDaemon.Start(Root, modules.Length > 0 ? modules : [new RsyncModule("site", Origin)], motd);
        _daemons.Add(daemon);
        return daemon;
    }

    public async Task<SyncResult> RunAsync(SyncCall call)
    {
        var run = await Runner.StartAsync(call).WaitAsync(Longest);
        var result = await run.Completion.WaitAsync(Longest);
        Assert.Empty(run.LivePids());
        return result;
    }

    public SyncCall Call(string origin) => new() { Origin = origin, Target = Target + "/", KeepNames = true };

    /// <summary>A program in the test's directory.</summary>
    public string Script(string name, string text)
    {
        string path = Path.Combine(Root, name);
        File.WriteAllText(path, "#!/bin/sh\n" + text + "\n");
        if (OperatingSystem.IsLinux())
        {
            File.SetUnixFileMode(path, (UnixFileMode)Convert.ToInt32("755", 8));
        }

        return path;
    }

    public async ValueTask DisposeAsync()
    {
        await _children.DisposeAsync();
        _daemons.ForEach(daemon => daemon.Dispose());
        Assert.True(MayLeaveTemporaryFiles || !HostileTree.Entries(Root).Any(entry => IsTemporary(entry.Name)), "rsync left a temporary file");
        HostileTree.Delete(Root);
    }

    /// <summary>rsync's temporary files: <c>.name.XXXXXX</c> (receiver.c, get_tmpname).</summary>
    private static bool IsTemporary(byte[] name)
    {
        string text = System.Text.Encoding.Latin1.GetString(name);
        string last = text[(text.LastIndexOf('/') + 1)..];
        return last.Length > 8 && last[0] == '.' && last[^7] == '.' && last[^6..].All(char.IsAsciiLetterOrDigit);
    }

    private sealed class NoLog : ILog
    {
        public bool IsEnabled(LogLevel level) => false;

        public void Write(LogLevel level, string message)
        {
        }
    }
}

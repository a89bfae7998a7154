using System.Text;
using Deploy.Logs;
using Deploy.Model.Text;
using Deploy.Processes;
using Deploy.Processes.Table;
using Xunit;

namespace Deploy.Tests.Processes;

/// <summary>Keeps what a child prints.</summary>
internal sealed class Kept : IChildOutput
{
    private readonly Lock _lock = new();
    private readonly List<byte> _output = [];
    private readonly List<byte> _error = [];

    public byte[] Output => Locked(() => _output.ToArray());

    public string Text => ByteText.FromBytes(Output);

    public string ErrorText => ByteText.FromBytes(Locked(() => _error.ToArray()));

    public void OnOutput(ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
        {
            _output.AddRange(bytes);
        }
    }

    public void OnError(ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
        {
            _error.AddRange(bytes);
        }
    }

    /// <summary>The text once it holds this many lines.</summary>
    public async Task<string[]> LinesAsync(int count)
    {
        await Until.TrueAsync(() => Text.Count(c => c == '\n') >= count);
        return Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private byte[] Locked(Func<byte[]> take)
    {
        lock (_lock)
        {
            return take();
        }
    }
}

/// <summary>Keeps entries.</summary>
internal sealed class KeptLog : ILog
{
    private readonly Lock _lock = new();
    private readonly List<string> _entries = [];

    public string All
    {
        get
        {
            lock (_lock)
            {
                return string.Join('\n', _entries);
            }
        }
    }

    public bool IsEnabled(LogLevel level) => true;

    public void Write(LogLevel level, string message)
    {
        lock (_lock)
        {
            _entries.Add($"{level}: {message}");
        }
    }
}

/// <summary>Waiting for what has no event.</summary>
internal static class Until
{
    public static async Task TrueAsync(Func<bool> condition)
    {
        long end = Environment.TickCount64 + 30_000;
        while (!condition())
        {
            Assert.True(Environment.TickCount64 < end, "not within 30 s");
            await Task.Delay(10);
        }
    }

    public static Task GoneAsync(int pid) => TrueAsync(() => !IsLive(pid));

    public static bool IsLive(int pid) => ProcessTable.TryRead(pid, out var stat) && stat.IsLive;
}

/// <summary>One test's children, log and directory; at its end no child may be left.</summary>
internal sealed class ChildHarness : IAsyncDisposable
{
    public static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    private readonly List<Child> _started = [];

    public ChildHarness(string? records = null) => Children = new Children(records, Log);

    public Children Children { get; }

    public KeptLog Log { get; } = new();

    public static ChildStart Of(IChildOutput output, string program, params string[] arguments) => new()
    {
        Program = program,
        Arguments = arguments,
        Environment = new Dictionary<string, string> { ["PATH"] = "/usr/bin:/bin", ["LC_ALL"] = "C" },
        Output = output,
    };

    public static ChildStart Shell(IChildOutput output, string script) => Of(output, "/bin/sh", "-c", script);

    public async Task<Child> StartAsync(ChildStart start)
    {
        var result = await Children.StartAsync(start).WaitAsync(Long);
        var child = Assert.IsType<ChildStartResult.Started>(result).Child;
        lock (_started)
        {
            _started.Add(child);
        }

        return child;
    }

    public async Task<ChildStartResult.NotStarted> RefusedAsync(ChildStart start) =>
        Assert.IsType<ChildStartResult.NotStarted>(await Children.StartAsync(start).WaitAsync(Long));

    /// <summary>Runs to the end.</summary>
    public async Task<ChildExit> RunAsync(ChildStart start) => await (await StartAsync(start)).Exited.WaitAsync(Long);

    public async ValueTask DisposeAsync()
    {
        await Children.DisposeAsync().AsTask().WaitAsync(Long);
        foreach (var child in _started)
        {
            Assert.True(child.Exited.IsCompletedSuccessfully);
            Assert.False(Until.IsLive(child.Pid), $"pid {child.Pid} was left");
        }
    }
}

/// <summary>A directory of one test, removed at its end.</summary>
internal sealed class Scratch : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("deploy-processes-").FullName;

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public string File(string name, string text, UnixFileMode mode)
    {
        System.IO.File.WriteAllText(this[name], text, new UTF8Encoding(false));
#pragma warning disable CA1416 // Linux alone.
        System.IO.File.SetUnixFileMode(this[name], mode);
#pragma warning restore CA1416
        return this[name];
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

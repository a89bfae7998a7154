using System.Collections.Concurrent;
using Deploy.Model.Text;
using Deploy.Processes;
using Deploy.Rsync.Meaning;
using Deploy.Rsync.Output;

namespace Deploy.Rsync;

/// <summary>What a binary said about itself: exactly one of the two is set.</summary>
/// <param name="Version">Its version, 3.0 or later; null where there is a <paramref name="Problem"/>.</param>
/// <param name="Problem">Why it cannot be used.</param>
internal sealed record RsyncFound(RsyncVersion? Version, Diagnosis? Problem)
{
    /// <summary>As <c>--version</c> lists them, safe to print: <c>ACLs</c>, <c>no crtimes</c>.</summary>
    public IReadOnlyList<string> Capabilities { get; init; } = [];
}

/// <summary>Asks each rsync binary for its version, once for as long as the file stays the same.</summary>
/// <param name="children">Starts it.</param>
/// <param name="environment">rsync's environment.</param>
/// <param name="timeout">How long an answer may take.</param>
internal sealed class RsyncVersions(Children children, IReadOnlyDictionary<string, string> environment, TimeSpan timeout)
{
    private const int AnswerBytes = 4096; // the version stands in the first line, the capabilities in the next
    private static readonly TimeSpan KillGrace = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, Asked> _asked = new(StringComparer.Ordinal);

    /// <summary>The version of this binary. Callers at the same time share one question; only a version is remembered, a problem is asked about again.</summary>
    public async Task<RsyncFound> FindAsync(string program)
    {
        var stamp = StampOf(program);
        var asked = _asked.AddOrUpdate(program, _ => Ask(program, stamp), (_, known) => known.Stamp == stamp ? known : Ask(program, stamp));
        bool keep = false;
        try
        {
            var found = await asked.Answer.Value;
            keep = found.Problem is null;
            return found;
        }
        finally
        {
            if (!keep)
            {
                _asked.TryRemove(KeyValuePair.Create(program, asked));
            }
        }
    }

    private Asked Ask(string program, (string Path, long Size, DateTime Modified)? stamp) => new(stamp, new Lazy<Task<RsyncFound>>(() => AskAsync(program)));

    private async Task<RsyncFound> AskAsync(string program)
    {
        if (program.Contains('\0', StringComparison.Ordinal) || program.Length == 0)
        {
            return new RsyncFound(null, new Diagnosis(Fault.Configuration, "the path of rsync is empty or holds a NUL byte", "mend it, or leave it out for /usr/bin/rsync"));
        }

        var answer = new Answer();
        var start = await children.StartAsync(new ChildStart
        {
            Program = program,
            Arguments = ["--version"],
            Environment = environment,
            WorkingDirectory = "/",
            Output = answer,
        });
        if (start is ChildStartResult.NotStarted no)
        {
            return new RsyncFound(null, StartDiagnoser.NotStarted(program, no.Errno, no.Reason));
        }

        var child = ((ChildStartResult.Started)start).Child;
        try
        {
            await child.Exited.WaitAsync(timeout);
        }
        catch (TimeoutException)
        {
            await child.StopAsync(KillGrace);
            return new RsyncFound(null, StartDiagnoser.VersionTimeout(program, timeout));
        }

        string text = answer.Text();
        string firstLine = text.Split('\n', 2)[0];
        if (!RsyncVersion.TryParse(firstLine, out var version))
        {
            return new RsyncFound(null, StartDiagnoser.NoVersion(program, firstLine));
        }

        return version < RsyncVersion.Oldest ? new RsyncFound(null, StartDiagnoser.TooOld(program, version)) : new RsyncFound(version, null) { Capabilities = RsyncVersion.Capabilities(text) };
    }

    /// <summary>What tells one binary from the next at the same path; null where there is none to look at.</summary>
    private static (string Path, long Size, DateTime Modified)? StampOf(string program)
    {
        try
        {
            string real = File.ResolveLinkTarget(program, returnFinalTarget: true)?.FullName ?? program;
            var file = new FileInfo(real);
            return file.Exists ? (real, file.Length, file.LastWriteTimeUtc) : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }

    private sealed record Asked((string Path, long Size, DateTime Modified)? Stamp, Lazy<Task<RsyncFound>> Answer);

    /// <summary>The beginning of what it printed, stdout and stderr apart.</summary>
    private sealed class Answer : IChildOutput
    {
        private readonly Lock _lock = new();
        private readonly BoundedText _output = new(AnswerBytes, 0);
        private readonly BoundedText _errors = new(AnswerBytes, 0);

        public void OnOutput(ReadOnlySpan<byte> bytes)
        {
            lock (_lock)
            {
                _output.Add(bytes);
            }
        }

        public void OnError(ReadOnlySpan<byte> bytes)
        {
            lock (_lock)
            {
                _errors.Add(bytes);
            }
        }

        /// <summary>Stdout, or stderr where that is empty.</summary>
        public string Text()
        {
            lock (_lock)
            {
                return _output.Text() is { Length: > 0 } output ? output : _errors.Text();
            }
        }
    }
}

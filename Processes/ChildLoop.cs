using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Deploy.Logs;
using Deploy.Processes.Confined;
using Deploy.Processes.Leftovers;
using Deploy.Processes.Native;
using Deploy.Processes.Spawn;

namespace Deploy.Processes;

/// <summary>
/// The thread of <see cref="Children"/>: starts, polls, reads, stops and reaps, from the first request to the last child's end. One thread for
/// the daemon's whole life, because a child's death signal follows the thread that started it. Without children it sleeps in poll(2) for good.
/// </summary>
internal sealed class ChildLoop : IDisposable
{
    private const int ReadBytes = 64 * 1024;

    /// <summary>While children run, look at them this often, ms, even without SIGCHLD: nothing in the process may make us miss an end for good.</summary>
    private const int HeartbeatMilliseconds = 10_000;

    /// <summary>After a stream's end, which mostly means its process's end, look again this soon, ms, then twice as late each time.</summary>
    private const int FirstLookMilliseconds = 5;

    /// <summary>After a read of less than <see cref="PlentyBytes"/> let more gather for so long, ms: each line of a child that prints line by line would cost a wake-up.</summary>
    private const int GatherMilliseconds = 1;

    private const int PlentyBytes = 4096; // what stdio writes into a pipe at once

    private static readonly TimeSpan GraceAtEnd = TimeSpan.FromSeconds(1);

    private readonly ILog _log;
    private readonly Lazy<ChildRecords?> _records;
    private readonly Trampoline? _trampoline;
    private readonly WakeUp _wakeUp = new();
    private readonly PosixSignalRegistration _childSignals;
    private readonly ConcurrentQueue<Action<long>> _requests = new();
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<RunningChild> _children = [];
    private readonly byte[] _buffer = new byte[ReadBytes];
    private readonly List<ChildPipe> _polled = [];
    private Libc.PollFd[] _pollSet = new Libc.PollFd[8];
    private bool _closed;
    private bool _ending;
    private volatile bool _hasChildren; // what ends without is another's
    private int _childSignalled;
    private int _lookInterval = HeartbeatMilliseconds;
    private long _lookAt;

    public ChildLoop(Lazy<ChildRecords?> records, Trampoline? trampoline, ILog log)
    {
        (_records, _trampoline, _log) = (records, trampoline, log);
        ChildSignal.StopIgnoring();
#pragma warning disable CA1416 // "Not on Windows": this program is Linux's alone.
        _childSignals = PosixSignalRegistration.Create(PosixSignal.SIGCHLD, _ =>
#pragma warning restore CA1416
        {
            if (_hasChildren && Interlocked.Exchange(ref _childSignalled, 1) == 0)
            {
                _wakeUp.Set();
            }
        });
        new Thread(Run) { Name = "children", IsBackground = true }.Start();
    }

    /// <summary>Ends when the thread has.</summary>
    public Task Ended => _ended.Task;

    public Task<ChildStartResult> Start(ChildStart start)
    {
        var result = new TaskCompletionSource<ChildStartResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        bool taken = Post(_ => result.SetResult(_ending ? Refused() : StartNow(start)));
        return taken ? result.Task : Task.FromResult<ChildStartResult>(Refused());
    }

    public void RequestStop(Child child, TimeSpan grace) =>
        Post(now => _children.Find(running => running.Handle == child)?.Stop(grace, now));

    /// <summary>Stops all children and then the thread; nothing is started from here on.</summary>
    public void RequestEnd() => Post(now =>
    {
        _ending = true;
        foreach (var child in _children)
        {
            child.Stop(GraceAtEnd, now);
        }
    });

    /// <summary>After <see cref="Ended"/>.</summary>
    public void Dispose()
    {
        _childSignals.Dispose();
        _wakeUp.Dispose();
    }

    private static ChildStartResult.NotStarted Refused() => StartFailure.Of(Libc.ECANCELED, "the daemon is ending");

    /// <summary>False when the thread has ended: the request will never be taken.</summary>
    private bool Post(Action<long> request)
    {
        lock (_gate)
        {
            if (_closed)
            {
                return false;
            }

            _requests.Enqueue(request);
        }

        _wakeUp.Set();
        return true;
    }

    private void Run()
    {
        ChildSignal.UnblockHere();
        bool look = false;
        while (true)
        {
            TakeRequests();
            long now = Environment.TickCount64;
            foreach (var child in _children)
            {
                child.Advance(now, look, _buffer);
            }

            _children.RemoveAll(child => child.IsDone);
            _hasChildren = _children.Count > 0;
            if (_ending && TryClose())
            {
                break;
            }

            look = WaitAndRead(now);
        }

        foreach (var child in _children)
        {
            child.Abandon();
        }

        _ended.SetResult();
    }

    private void TakeRequests()
    {
        while (_requests.TryDequeue(out var request))
        {
            request(Environment.TickCount64);
        }
    }

    /// <summary>True when nothing is left to wait for; then no request is taken any more.</summary>
    private bool TryClose()
    {
        lock (_gate)
        {
            return _closed = _requests.IsEmpty && _children.TrueForAll(child => child.IsStuck);
        }
    }

    private ChildStartResult StartNow(ChildStart start)
    {
        _hasChildren = true; // it may end before we have its number
        if (!Spawner.TrySpawn(_trampoline?.Through(start) ?? start, out var spawned, out var failure))
        {
            _log.Debug($"not started: {start.Program}: {failure!.Reason}");
            return failure!;
        }

        var output = new ChildPipe(spawned.OutputFd, start.Output, isError: false, _log);
        ChildPipe[] pipes = start.OnePipe ? [output] : [output, new ChildPipe(spawned.ErrorFd, start.Output, isError: true, _log)];
        var child = new Child(spawned.Pid, this);
        _children.Add(new RunningChild(child, start, pipes, _records.Value, _log));
        _records.Value?.Write(spawned.Pid, start);
        _log.Debug($"started pid {spawned.Pid}: {start.Program}, {start.Arguments.Count} arguments");
        return new ChildStartResult.Started(child);
    }

    /// <summary>Waits for bytes, a request, a child's end or the next deadline; true when some child may have ended.</summary>
    private bool WaitAndRead(long now)
    {
        int count = FillPollSet();
        int timeout = Timeout(now);
        int ready = Poll(count, timeout);
        if (ready > 0)
        {
            if (_pollSet[0].Revents != 0)
            {
                _wakeUp.Clear();
            }

            int most = 0;
            for (int i = 1; i < count; i++)
            {
                if (_pollSet[i].Revents != 0)
                {
                    most = Math.Max(most, _polled[i - 1].Read(_buffer));
                }
            }

            if (most is > 0 and < PlentyBytes)
            {
                _ = Poll(1, GatherMilliseconds); // requests and ends are heard meanwhile
            }
        }

        bool signalled = Interlocked.Exchange(ref _childSignalled, 0) != 0;
        return IsTimeToLook() || signalled;
    }

    /// <summary>Whether to look at the children although no signal told of an end; sets the next time.</summary>
    private bool IsTimeToLook()
    {
        long now = Environment.TickCount64;
        if (_polled.Exists(pipe => !pipe.IsOpen))
        {
            _lookInterval = FirstLookMilliseconds;
        }
        else if (now >= _lookAt)
        {
            _lookInterval = Math.Min(_lookInterval * 2, HeartbeatMilliseconds);
        }
        else
        {
            return false;
        }

        _lookAt = now + _lookInterval;
        return true;
    }

    private int FillPollSet()
    {
        _polled.Clear();
        foreach (var child in _children)
        {
            _polled.AddRange(child.Pipes.Where(pipe => pipe.IsOpen));
        }

        int count = _polled.Count + 1;
        if (_pollSet.Length < count)
        {
            Array.Resize(ref _pollSet, count * 2);
        }

        _pollSet[0] = new Libc.PollFd { Fd = _wakeUp.Fd, Events = Libc.POLLIN };
        for (int i = 1; i < count; i++)
        {
            _pollSet[i] = new Libc.PollFd { Fd = _polled[i - 1].Fd, Events = Libc.POLLIN };
        }

        return count;
    }

    /// <summary>Milliseconds until the next deadline; -1, for ever, without children.</summary>
    private int Timeout(long now)
    {
        if (_children.Count == 0)
        {
            return -1;
        }

        long next = _lookAt;
        foreach (var child in _children)
        {
            next = Math.Min(next, child.NextMove(now) ?? next);
        }

        return (int)Math.Max(next - now, 0);
    }

    private unsafe int Poll(int count, int timeout)
    {
        fixed (Libc.PollFd* set = _pollSet)
        {
            int ready = Libc.poll(set, (ulong)count, timeout);
            if (ready < 0 && Marshal.GetLastPInvokeError() is not (Libc.EINTR or Libc.EAGAIN))
            {
                throw new InvalidOperationException($"poll: {Libc.ErrorText(Marshal.GetLastPInvokeError())}");
            }

            return ready;
        }
    }
}

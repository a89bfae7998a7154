using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Xunit;

namespace Deploy.Tests.EndToEnd.Faults;

/// <summary>
/// A network namespace of a test's own, with a loopback that can be cut. A namespace belongs to a thread: what is to be in it, processes and sockets, is made by <see cref="Run{T}"/>.
/// </summary>
internal sealed partial class PrivateNetwork : IDisposable
{
    private const int NewNetwork = 0x40000000; // CLONE_NEWNET, sched.h

    private readonly BlockingCollection<Action> work = [];
    private readonly Thread thread;

    public PrivateNetwork()
    {
        thread = new Thread(() =>
        {
            foreach (var one in work.GetConsumingEnumerable())
            {
                one();
            }
        })
        { IsBackground = true, Name = "network of a test" };
        thread.Start();
        Run(() => unshare(NewNetwork) == 0 ? 0 : throw new Win32Exception(Marshal.GetLastPInvokeError()));
        Heal();
    }

    /// <summary>Does something in it, and waits for that.</summary>
    public T Run<T>(Func<T> what)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        work.Add(() =>
        {
            try
            {
                done.SetResult(what());
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        });
        return done.Task.GetAwaiter().GetResult();
    }

    /// <summary>Nothing gets through any more; connections stay as they are.</summary>
    public void Cut() => Loopback("down");

    /// <summary>It gets through again.</summary>
    public void Heal() => Loopback("up");

    /// <summary>A cable to another one: each gets an address of a network of 24 bits.</summary>
    public void LinkTo(PrivateNetwork other, string here, string there)
    {
        string otherNetwork = other.Run(() => $"/proc/{Environment.ProcessId}/task/{gettid()}/ns/net");
        Ip("link", "add", "cable", "type", "veth", "peer", "name", "cable", "netns", otherNetwork);
        foreach (var (end, address) in new[] { (this, here), (other, there) })
        {
            end.Ip("addr", "add", address + "/24", "dev", "cable");
            end.Ip("link", "set", "cable", "up");
        }
    }

    public void Dispose()
    {
        work.CompleteAdding();
        thread.Join();
        work.Dispose();
    }

    private void Loopback(string state) => Ip("link", "set", "lo", state);

    private void Ip(params string[] words) => Run(() =>
    {
        using var ip = Process.Start("/usr/sbin/ip", words);
        ip.WaitForExit();
        Assert.Equal(0, ip.ExitCode);
        return 0;
    });

    [LibraryImport("libc", SetLastError = true)]
    private static partial int unshare(int flags);

    [LibraryImport("libc")]
    private static partial int gettid();
}

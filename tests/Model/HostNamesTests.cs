using System.Net;
using Deploy.Model;
using Xunit;

namespace Deploy.Tests.Model;

public class HostNamesTests
{
    [Fact(Timeout = 60_000)]
    public async Task Of_a_silent_name_server_there_are_so_many_threads_and_no_more_also_when_everybody_has_left()
    {
        using var silent = new ManualResetEventSlim();
        int begun = 0;
        var names = new HostNames(_ =>
        {
            Interlocked.Increment(ref begun);
            silent.Wait();
            return [IPAddress.Loopback];
        });
        using var leave = new CancellationTokenSource();
        var waiting = Enumerable.Range(0, 1000).Select(i => names.FindAsync($"web{i % 500}", leave.Token)).ToList();
        while (Volatile.Read(ref begun) < Limits.LookUpsAtOnce)
        {
            await Task.Delay(10);
        }

        await leave.CancelAsync();
        foreach (var one in waiting)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => one);
        }

        var late = names.FindAsync("late", CancellationToken.None);
        Assert.Equal([IPAddress.Loopback], await names.FindAsync("127.0.0.1", CancellationToken.None));
        Assert.False(late.IsCompleted);
        Assert.Equal(Limits.LookUpsAtOnce, Volatile.Read(ref begun));
        silent.Set();
        Assert.Equal([IPAddress.Loopback], await late);
        Assert.Equal(Limits.LookUpsAtOnce + 1, Volatile.Read(ref begun));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_name_is_looked_up_once_at_a_time_and_a_failure_reaches_all_who_wait()
    {
        using var silent = new ManualResetEventSlim();
        int begun = 0;
        var names = new HostNames(_ =>
        {
            Interlocked.Increment(ref begun);
            silent.Wait();
            throw new System.Net.Sockets.SocketException((int)System.Net.Sockets.SocketError.HostNotFound);
        });
        var waiting = Enumerable.Range(0, 100).Select(_ => names.FindAsync("Web", CancellationToken.None)).ToList();
        silent.Set();
        foreach (var one in waiting)
        {
            await Assert.ThrowsAsync<System.Net.Sockets.SocketException>(() => one);
        }

        Assert.Equal(1, begun);
        await Assert.ThrowsAsync<System.Net.Sockets.SocketException>(() => names.FindAsync("web", CancellationToken.None));
        Assert.Equal(2, begun);
    }
}

using System.Net;
using System.Net.Sockets;

namespace Deploy.Model;

/// <summary>
/// Looks host names up. getaddrinfo(3) cannot be called off and may take half a minute: each look-up has a thread of its own, and who waits may
/// leave. So there is one of a name at a time, and <see cref="Limits.LookUpsAtOnce"/> of all names; more wait their turn.
/// </summary>
/// <param name="lookUp">Looks one name up and blocks; null is the system's.</param>
internal sealed class HostNames(Func<string, IPAddress[]>? lookUp = null)
{
    private readonly Dictionary<string, Task<IPAddress[]>> underWay = new(StringComparer.OrdinalIgnoreCase); // guarded by itself

    /// <summary>Never disposed of: a look-up may end after everybody has left.</summary>
    private SemaphoreSlim Room { get; } = new(Limits.LookUpsAtOnce);

    /// <summary>The addresses of a name; an address is its own.</summary>
    /// <exception cref="SocketException">It has none, or no name server answers, or there is no thread for it.</exception>
    /// <exception cref="OperationCanceledException">The token fired first; a look-up that has begun ends by itself.</exception>
    public async Task<IPAddress[]> FindAsync(string name, CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(name, out var literal))
        {
            return [literal];
        }

        Task<IPAddress[]>? begun;
        lock (underWay)
        {
            begun = underWay.GetValueOrDefault(name);
        }

        if (begun is null)
        {
            await Room.WaitAsync(cancellationToken).ConfigureAwait(false);
            begun = Begin(name);
        }

        return await begun.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The look-up under way, or a new one that gives back the caller's room at its end.</summary>
    private Task<IPAddress[]> Begin(string name)
    {
        var found = new TaskCompletionSource<IPAddress[]>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (underWay)
        {
            if (underWay.TryGetValue(name, out var begun))
            {
                Room.Release();
                return begun;
            }

            underWay[name] = found.Task;
        }

        try
        {
            new Thread(() => Run(name, found)) { IsBackground = true, Name = "look-up" }.Start();
        }
        catch (Exception error) when (error is OutOfMemoryException or ThreadStartException)
        {
            End(name);
            found.SetException(new SocketException((int)SocketError.TooManyOpenSockets));
        }

        return found.Task;
    }

    private void Run(string name, TaskCompletionSource<IPAddress[]> found)
    {
        try
        {
            var addresses = (lookUp ?? Dns.GetHostAddresses)(name);
            End(name);
            found.SetResult(addresses);
        }
        catch (Exception error)
        {
            End(name);
            found.SetException(error);
            _ = found.Task.Exception; // seen, also where everybody has left
        }
    }

    private void End(string name)
    {
        lock (underWay)
        {
            underWay.Remove(name);
        }

        Room.Release();
    }
}

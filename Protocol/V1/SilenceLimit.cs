namespace Deploy.Protocol.V1;

/// <summary>A bound on each wait for the next byte: one timer, set anew for each.</summary>
/// <param name="longest">How long.</param>
/// <param name="time">The clock.</param>
/// <param name="cancellationToken">The caller's.</param>
internal sealed class SilenceLimit(TimeSpan longest, TimeProvider time, CancellationToken cancellationToken) : IDisposable
{
    private readonly CancellationTokenSource limit = new(longest, time);
    private CancellationTokenSource? either;

    /// <summary>Whether it was silent for so long, and the caller has not given up.</summary>
    public bool IsOver => limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested;

    /// <summary>Begins a wait.</summary>
    public CancellationToken Start()
    {
        limit.CancelAfter(longest);
        either ??= CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        return either.Token;
    }

    public void Dispose()
    {
        either?.Dispose();
        limit.Dispose();
    }
}

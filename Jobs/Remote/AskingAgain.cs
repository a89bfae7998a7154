namespace Deploy.Jobs.Remote;

/// <summary>The waits between asking a lost host again: each twice the last, a quarter more or less by chance, so that hosts which were lost together do not come back together.</summary>
/// <param name="settings">First and longest.</param>
/// <param name="time">The clock.</param>
internal sealed class AskingAgain(RemoteSettings settings, TimeProvider time)
{
    private TimeSpan next = settings.FirstAgain;

    /// <summary>Waits its turn.</summary>
    /// <exception cref="OperationCanceledException">The token fired.</exception>
    public Task WaitAsync(CancellationToken cancellationToken)
    {
        var wait = next * (0.75 + (Random.Shared.NextDouble() / 2));
        next = next * 2 < settings.MostAgain ? next * 2 : settings.MostAgain;
        return Task.Delay(wait, time, cancellationToken);
    }

    /// <summary>It was heard of: the next loss begins anew.</summary>
    public void Reset() => next = settings.FirstAgain;
}

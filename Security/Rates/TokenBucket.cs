namespace Deploy.Security.Rates;

/// <summary>A rate: so many at once, and so many a second after that. Any thread.</summary>
/// <param name="burst">Tokens of a full one, which a new one is.</param>
/// <param name="perSecond">Tokens that come back.</param>
/// <param name="time">The clock.</param>
internal sealed class TokenBucket(double burst, double perSecond, TimeProvider time)
{
    private readonly Lock gate = new();
    private double taken;
    private long at = time.GetTimestamp();

    /// <summary>Takes one; false where there is none.</summary>
    /// <param name="retryAfter">When there is one again; zero where it was taken.</param>
    public bool Take(out TimeSpan retryAfter)
    {
        lock (gate)
        {
            long now = time.GetTimestamp();
            taken = Math.Max(0, taken - (time.GetElapsedTime(at, now).TotalSeconds * perSecond));
            at = now;
            if (taken <= burst - 1)
            {
                taken++;
                retryAfter = TimeSpan.Zero;
                return true;
            }

            retryAfter = TimeSpan.FromSeconds((taken - burst + 1) / perSecond);
            return false;
        }
    }
}

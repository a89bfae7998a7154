namespace Deploy.Tests.Logs;

/// <summary>A clock that a test sets, in a zone of its choice.</summary>
internal sealed class SetTime(DateTimeOffset start, TimeZoneInfo? zone = null) : TimeProvider
{
    private long ticks = start.UtcTicks;

    public override TimeZoneInfo LocalTimeZone => zone ?? TimeZoneInfo.Utc;

    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref ticks), TimeSpan.Zero);

    public void Advance(TimeSpan by) => Interlocked.Add(ref ticks, by.Ticks);
}

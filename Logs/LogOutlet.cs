using Deploy.Logs.Places;

namespace Deploy.Logs;

/// <summary>One log on its way to its place. What cannot be written is counted; the trouble is said at once elsewhere, the number when it goes on.</summary>
/// <param name="place">Where the lines go; disposed with this.</param>
/// <param name="format">How.</param>
/// <param name="zone">Local time.</param>
/// <param name="onTrouble">Takes what is said of a place that fails; null where there is no other place.</param>
/// <param name="notes">Takes the number of lost lines; null is this log itself.</param>
internal sealed class LogOutlet(ILogPlace place, LogFormat format, TimeZoneInfo zone, Action<LogEntry>? onTrouble, LogOutlet? notes) : IDisposable
{
    private string? problem;   // the last one, said already; null while all is well
    private long failedSecond; // of Unix time; a place that failed is tried again in another one
    private long lost;

    /// <summary>Writes one entry, or counts it.</summary>
    public void Write(LogEntry entry)
    {
        bool waits = problem is not null && entry.Time.ToUnixTimeSeconds() == failedSecond;
        if (waits || !TryNote(entry.Time) || !Try(entry))
        {
            lost++;
            return;
        }

        if (TakeLost(entry.Time) is { } note)
        {
            notes!.Write(note);
        }

        problem = null;
    }

    /// <summary>Opens the place anew; where that fails it is said again: somebody may be looking.</summary>
    public void Reopen(DateTimeOffset now)
    {
        string? former = problem;
        problem = null;
        if (Judge(now, place.Reopen(now)))
        {
            problem = former; // the reason of what was lost, said with the next line
            failedSecond = 0;
        }
    }

    /// <inheritdoc cref="ILogPlace.GiveTo"/>
    public void GiveTo(uint user, uint group) => place.GiveTo(user, group);

    /// <summary>What was lost and not said yet, for another log; null for nothing.</summary>
    public LogEntry? TakeLost(DateTimeOffset now)
    {
        if (lost == 0)
        {
            return null;
        }

        var note = new LogEntry(now, LogLevel.Warning, $"{lost} log lines were lost: {problem}");
        lost = 0;
        return note;
    }

    public void Dispose() => place.Dispose();

    /// <summary>Says in this log itself what was lost of it; false when that cannot be written either.</summary>
    private bool TryNote(DateTimeOffset now)
    {
        if (notes is not null || lost == 0)
        {
            return true;
        }

        long before = lost;
        bool done = Try(TakeLost(now)!);
        lost = done ? 0 : before;
        return done;
    }

    private bool Try(LogEntry entry) => Judge(entry.Time, place.Write(entry.Time, entry.Level, LogLines.Of(entry, format, zone, place.KeepsTimeAndLevel)));

    private bool Judge(DateTimeOffset now, string? outcome)
    {
        if (outcome is null)
        {
            return true;
        }

        failedSecond = now.ToUnixTimeSeconds();
        bool isNew = problem is null;
        problem = outcome;
        if (isNew)
        {
            onTrouble?.Invoke(new LogEntry(now, LogLevel.Error, outcome + "; its lines are lost until that is mended"));
        }

        return false;
    }
}

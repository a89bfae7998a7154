using Deploy.Logs.Places;

namespace Deploy.Logs;

/// <summary>The outlets of one daemon, as settings have them. Used by the log's writer alone.</summary>
internal sealed class LogPlan : IDisposable
{
    private readonly LogOutlet standardError;

    private LogPlan(LogOutlet standardError, LogOutlet error, LogOutlet? access)
    {
        this.standardError = standardError;
        Error = error;
        Access = access;
    }

    /// <summary>Takes what the daemon says.</summary>
    public LogOutlet Error { get; }

    /// <summary>Takes the requests; null where none are kept.</summary>
    public LogOutlet? Access { get; }

    private IEnumerable<LogOutlet> Each => new[] { standardError, Error, Access }.OfType<LogOutlet>().Distinct();

    /// <summary>The outlets, not open yet.</summary>
    /// <param name="settings">What is kept, and where.</param>
    /// <param name="standardError">Takes the lines where no other place is named, and what is wrong with the others.</param>
    /// <param name="sender">Whose lines they are.</param>
    /// <param name="zone">Local time.</param>
    public static LogPlan Of(LogSettings settings, Stream standardError, LogSender sender, TimeZoneInfo zone)
    {
        var toStandardError = new LogOutlet(new StandardErrorPlace(standardError, sender.IsJournal), settings.Format, zone, null, null);
        var error = settings.ErrorPlace == LogSettings.StandardError
            ? toStandardError
            : new LogOutlet(PlaceOf(settings.ErrorPlace), settings.Format, zone, toStandardError.Write, null);
        var access = settings.AccessPlace is not { } place ? null
            : place == settings.ErrorPlace ? error
            : place == LogSettings.StandardError ? toStandardError
            : new LogOutlet(PlaceOf(place), settings.Format, zone, Say, error);
        return new LogPlan(toStandardError, error, access);

        void Say(LogEntry trouble)
        {
            error.Write(trouble);
            if (error != toStandardError)
            {
                toStandardError.Write(trouble);
            }
        }

        ILogPlace PlaceOf(string path) => path == LogSettings.Syslog ? new SyslogSocket(sender) : new LogFile(path, zone);
    }

    /// <summary>Opens everything anew.</summary>
    public void Reopen(DateTimeOffset now)
    {
        foreach (var outlet in Each)
        {
            outlet.Reopen(now);
        }
    }

    /// <inheritdoc cref="ILogPlace.GiveTo"/>
    public void GiveTo(uint user, uint group)
    {
        foreach (var outlet in Each)
        {
            outlet.GiveTo(user, group);
        }
    }

    /// <summary>Says what was lost and not said yet: in the log that comes after this one, or on stderr.</summary>
    public void SayLost(DateTimeOffset now, LogOutlet? next)
    {
        foreach (var note in Each.Select(outlet => outlet.TakeLost(now)).OfType<LogEntry>().ToList())
        {
            (next ?? standardError).Write(note);
        }
    }

    public void Dispose()
    {
        foreach (var outlet in Each)
        {
            outlet.Dispose();
        }
    }
}

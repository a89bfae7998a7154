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
        var error = IsStandardError(settings.ErrorPath) || !settings.Write
            ? toStandardError
            : new LogOutlet(PlaceOf(settings.ErrorPath), settings.Format, zone, toStandardError.Write, null);
        if (!settings.Write || settings.AccessPath.Length == 0)
        {
            return new LogPlan(toStandardError, error, null);
        }

        var access = settings.AccessPath == settings.ErrorPath ? error
            : IsStandardError(settings.AccessPath) ? toStandardError
            : new LogOutlet(PlaceOf(settings.AccessPath), settings.Format, zone, Say, error);
        return new LogPlan(toStandardError, error, access);

        void Say(LogEntry trouble)
        {
            error.Write(trouble);
            if (error != toStandardError)
            {
                toStandardError.Write(trouble);
            }
        }

        ILogPlace PlaceOf(string path) => path.Contains("syslog", StringComparison.OrdinalIgnoreCase) ? new SyslogSocket(sender) : new LogFile(path, zone); // original: /syslog/i
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

    private static bool IsStandardError(string path) => path is "" or "stderr";
}

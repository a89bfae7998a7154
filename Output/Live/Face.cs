using Deploy.Model.Jobs;

namespace Deploy.Output.Live;

/// <summary>Shows a job while it runs: on a terminal, in a log, or as events. Nothing of it is the result, which is printed when the job has ended.</summary>
internal abstract class Face : IDisposable
{
    /// <summary>An event was taken over.</summary>
    /// <param name="what">The event.</param>
    /// <param name="moved">The host that changed its state by it, or null.</param>
    public abstract void Heard(JobEvent what, HostStanding? moved);

    /// <summary>Comes some five times a second.</summary>
    public abstract void Tick();

    /// <summary>A line that stays.</summary>
    public abstract void Say(string line);

    /// <summary>Leaves nothing half written.</summary>
    public abstract void Dispose();
}

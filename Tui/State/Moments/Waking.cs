namespace Deploy.Tui.State.Moments;

/// <summary>When the picture changes by itself: as rarely as can be, so that a dashboard at rest writes nothing.</summary>
internal static class Waking
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    /// <summary>The model with <see cref="TuiModel.Wake"/>.</summary>
    public static TuiModel Set(TuiModel model)
    {
        var minute = new DateTimeOffset(model.Now.Ticks - model.Now.Ticks % TimeSpan.TicksPerMinute + TimeSpan.TicksPerMinute, model.Now.Offset); // the clock, and every age in minutes
        var wake = minute;
        Sooner(ref wake, model, model.ArmedUntil);
        Sooner(ref wake, model, model.Health.Until);
        foreach (var link in model.Links.Values)
        {
            var trouble = Links.Of(link, model.Now);
            Sooner(ref wake, model, trouble switch
            {
                Linked.Live => link.Heard + FleetHealth.Stale + TimeSpan.FromMilliseconds(1),
                Linked.Stale => model.Now + Second,
                Linked.Lost when link.Again > model.Now => model.Now + Second,
                _ => null,
            });
        }

        return wake == model.Wake ? model : model with { Wake = wake };
    }

    private static void Sooner(ref DateTimeOffset wake, TuiModel model, DateTimeOffset? other) => wake = other is { } at && at > model.Now && at < wake ? at : wake;
}

using Deploy.Model.Jobs;

namespace Deploy.Output.Live;

/// <summary>On a terminal: a block that is drawn again where something has moved, and each second for the clock; erased at the end.</summary>
/// <param name="terminal">Its standard error.</param>
/// <param name="picture">The job.</param>
/// <param name="time">The clock.</param>
internal sealed class LiveFace(Terminal terminal, JobPicture picture, TimeProvider time) : Face
{
    private readonly Lock gate = new();
    private readonly LiveBlock block = new(terminal.Error);
    private readonly long started = time.GetTimestamp();
    private long lastSecond = -1;
    private bool moved = true;

    public override void Heard(JobEvent what, HostStanding? moved)
    {
        lock (gate)
        {
            this.moved = true;
        }
    }

    public override void Tick()
    {
        lock (gate)
        {
            var since = time.GetElapsedTime(started);
            if (moved || (long)since.TotalSeconds != lastSecond)
            {
                moved = false;
                lastSecond = (long)since.TotalSeconds;
                var (columns, rows) = terminal.ErrorSize();
                block.Draw(LiveText.Lines(picture, since, columns, rows - 1), columns);
            }
        }
    }

    public override void Say(string line)
    {
        lock (gate)
        {
            block.Say([line], terminal.ErrorSize().Columns);
        }
    }

    public override void Dispose()
    {
        lock (gate)
        {
            block.Draw([], terminal.ErrorSize().Columns);
        }
    }
}

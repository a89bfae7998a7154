using Deploy.Model;
using Deploy.Model.Hosts;
using Deploy.Model.Jobs;
using Deploy.Model.Text;

namespace Deploy.Output.Live;

/// <summary>Where standard error is no terminal: a line for hosts that ended badly, those of one moment and reason folded into one, a line a batch, and a sign of life where nothing else is said.</summary>
/// <param name="terminal">Its standard error.</param>
/// <param name="picture">The job.</param>
/// <param name="time">The clock.</param>
/// <param name="onlyBad">Leaves out all but the hosts that ended badly.</param>
internal sealed class PlainFace(Terminal terminal, JobPicture picture, TimeProvider time, bool onlyBad) : Face
{
    /// <summary>The longest silence. // ours</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(30);

    /// <summary>A job that ends sooner has its result alone: nothing is said twice for it. // ours</summary>
    private static readonly TimeSpan Quick = TimeSpan.FromSeconds(1);

    private const int MostWaits = 3; // of the reasons for which hosts wait: lines of one sign of life

    private readonly Lock gate = new();
    private readonly long started = time.GetTimestamp();
    private readonly List<HostStanding> bad = [];
    private long lastSaid = time.GetTimestamp();
    private int? batch;
    private bool isPaused;

    public override void Heard(JobEvent what, HostStanding? moved)
    {
        lock (gate)
        {
            if (moved is { } host && host.State.IsTerminal() && !host.State.IsGood())
            {
                bad.Add(host);
            }
            else if (what is { Type: EventType.JobState, Summary: { } now } && now.State == JobState.Paused != isPaused)
            {
                isPaused = !isPaused;
                SayBad();
                Write(isPaused ? $"paused{(what.Reason is { } why ? $" ({SafeText.Of(why)})" : string.Empty)}; it goes on with: deploy client resume {picture.Job.Id}" : "not paused any more");
            }
        }
    }

    public override void Tick()
    {
        lock (gate)
        {
            if (time.GetElapsedTime(started) >= Quick)
            {
                SayBad();
            }

            if (onlyBad)
            {
                return;
            }

            var summary = picture.Summary;
            if (summary.Batches is { } all && summary.Batch != batch && (all > 1 || summary.Batch == 0 || batch is not null))
            {
                batch = summary.Batch;
                Write($"{(batch == 0 ? "the canary" : $"batch {batch} of {all}")}: {CountText.Of(summary)}");
            }
            else if (time.GetElapsedTime(lastSaid) >= Silence)
            {
                Write($"{CountText.Ended(summary)} of {CountText.Hosts(summary.Hosts)} after {LiveText.Clock(time.GetElapsedTime(started))}: {CountText.Of(summary)}");
                foreach (var same in picture.Hosts.Where(host => host.Waiting is not null).GroupBy(host => host.Waiting!, StringComparer.Ordinal).OrderByDescending(same => same.Count()).Take(MostWaits))
                {
                    Write($"  {SafeText.Of(HostFold.Fold(same.Select(host => host.Host)))}: {SafeText.Of(same.Key)}");
                }
            }
        }
    }

    public override void Say(string line)
    {
        lock (gate)
        {
            SayBad();
            Write(line);
        }
    }

    /// <summary>What was not said stands in the result.</summary>
    public override void Dispose()
    {
    }

    private void SayBad()
    {
        foreach (var same in bad.GroupBy(host => (host.State, host.Reason)))
        {
            string hosts = SafeText.Of(HostFold.Fold(same.Select(host => host.Host)));
            Write($"{hosts}: {same.Key.State.Word()}{(same.Key.Reason is { } reason ? ": " + SafeText.Of(reason) : string.Empty)}");
        }

        bad.Clear();
    }

    private void Write(string line)
    {
        terminal.Error.WriteLine(line);
        lastSaid = time.GetTimestamp();
    }
}

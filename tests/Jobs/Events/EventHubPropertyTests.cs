using Deploy.Jobs.Events;
using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.Jobs.Events;

/// <summary>Whatever is published, however fast it is read, and wherever it is resumed: a reader ends with the truth.</summary>
public class EventHubPropertyTests
{
    private static readonly DateTimeOffset Start = new(2026, 5, 4, 10, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Resumed_at_every_position_a_reader_ends_with_the_truth()
    {
        for (int seed = 0; seed < 30; seed++)
        {
            var random = new Random(seed);
            var time = new ManualTime(Start);
            var hub = new EventHub(time, recent: random.Next(3) == 0 ? 10 : 10_000);
            var job = new Truth(JobId.New(Start), random.Next(1, 6));

            // What one that reads all at once had seen at each number.
            var pictures = new List<Picture> { new() };
            await using var quick = hub.ReadAsync(job.Id, null, job.Whole, default).GetAsyncEnumerator();
            async Task DrainAsync(Func<bool> isDone)
            {
                while (!isDone() && await quick.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30)))
                {
                    var picture = pictures[^1].Copy();
                    picture.Take(quick.Current);
                    pictures.Add(picture);
                }
            }

            await DrainAsync(() => quick.Current?.Type == EventType.Bookmark);
            foreach (var what in Run(job, random, time))
            {
                hub.Publish(what);
                if (random.Next(3) == 0)
                {
                    await DrainAsync(() => pictures[^1].Seq >= hub.Last);
                }
            }

            await DrainAsync(() => pictures[^1].HasEnded);
            pictures[^1].Holds(job);
            foreach (var picture in pictures)
            {
                var resumed = picture.Copy();
                using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
                await foreach (var what in hub.ReadAsync(job.Id, $"{hub.Epoch}:{picture.Seq}", job.Whole, limit.Token))
                {
                    resumed.Take(what.Type == EventType.Hello ? what with { Seq = 0 } : what);
                }

                Assert.True(resumed.HasEnded);
                resumed.Holds(job);
            }
        }
    }

    [Fact]
    public async Task Readers_of_every_speed_end_with_the_truth_of_many_jobs_at_once()
    {
        var hub = new EventHub(TimeProvider.System, recent: 500);
        var jobs = Enumerable.Range(0, 12).Select(at => new Truth(JobId.New(Start.AddSeconds(at)), 1 + (at * 7))).ToList();
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        using var stopped = CancellationTokenSource.CreateLinkedTokenSource(limit.Token);

        async Task<Picture> ReadAsync(JobId? job, int speed)
        {
            var random = new Random(speed);
            var picture = new Picture();
            bool isCut;
            do
            {
                // From time to time the connection breaks.
                isCut = false;
                string? since = picture.Seq == 0 ? null : $"{hub.Epoch}:{picture.Seq}";
                var whole = job is { } one ? jobs.First(truth => truth.Id == one).Whole : (Func<IEnumerable<JobEvent>>)(() => jobs.SelectMany(truth => truth.Whole()));
                await foreach (var what in hub.ReadAsync(job, since, whole, stopped.Token))
                {
                    picture.Take(what);
                    if (random.Next(10) < speed)
                    {
                        await Task.Delay(random.Next(speed), CancellationToken.None);
                    }

                    if (job is null && what.Type == EventType.Bookmark && jobs.All(truth => truth.State.IsTerminal() && picture.Jobs.GetValueOrDefault(truth.Id).IsTerminal()))
                    {
                        return picture;
                    }

                    isCut = what.Seq > 0 && what.Type != EventType.End && random.Next(40) == 0;
                    if (isCut)
                    {
                        break;
                    }
                }
            }
            while (isCut);
            return picture;
        }

        var readers = jobs.SelectMany(job => Enumerable.Range(0, 6).Select(speed => (Job: (Truth?)job, Read: Task.Run(() => ReadAsync(job.Id, speed)))))
            .Concat(Enumerable.Range(0, 4).Select(speed => (Job: (Truth?)null, Read: Task.Run(() => ReadAsync(null, speed))))).ToList();
        await Task.WhenAll(jobs.Select(job => Task.Run(async () =>
        {
            var random = new Random(job.Standings.Count);
            foreach (var what in Run(job, random, null))
            {
                hub.Publish(what);
                if (random.Next(20) == 0)
                {
                    await Task.Delay(1);
                }
            }
        })));
        Assert.InRange(hub.Held.Events, 0, 500);
        foreach (var (job, read) in readers)
        {
            var picture = await read;
            Assert.All(job is null ? jobs : [job], picture.Holds);
        }
    }

    /// <summary>A random life of a job; the truth moves with it.</summary>
    private static IEnumerable<JobEvent> Run(Truth job, Random random, ManualTime? time)
    {
        var open = job.Standings.Keys.ToList();
        while (open.Count > 0)
        {
            string host = open[random.Next(open.Count)];
            var state = job.Standings[host].State;
            switch (random.Next(6))
            {
                case 0 when state == HostState.Queued:
                    yield return job.Move(host, HostState.Connecting);
                    break;
                case 0 when state == HostState.Connecting:
                    yield return job.Move(host, HostState.Running);
                    break;
                case 0:
                    open.Remove(host);
                    yield return job.Move(host, HostState.Ok + random.Next(6));
                    break;
                case 1:
                    yield return job.Summary(random.Next());
                    break;
                case 2:
                    yield return job.Line("x");
                    break;
                case 3:
                    yield return job.Move(job.State == JobState.Running ? JobState.Paused : JobState.Running);
                    break;
                default:
                    yield return job.Progress(host, random.Next());
                    break;
            }

            time?.Advance(TimeSpan.FromMilliseconds(random.Next(3) == 0 ? random.Next(1500) : 0));
        }

        yield return job.Move(JobState.Done);
        yield return job.End();
    }
}

using Deploy.Model;
using Deploy.Model.Hosts;
using Deploy.Model.Jobs;
using Deploy.Modes.Client.Journal;
using Deploy.Modes.Client.Ordering;
using Deploy.Tests.Output;
using Xunit;

namespace Deploy.Tests.Modes.Client.Following;

/// <summary>Hosts and jobs by what a command line says of them.</summary>
public sealed class ChosenHostsTests : IAsyncDisposable, IAsyncLifetime
{
    private const int Patience = 60_000;

    private readonly ScriptedPlace place = new();

    [Fact(Timeout = Patience)]
    public async Task Hosts_are_chosen_by_groups_jobs_and_shares()
    {
        place.Groups["web"] = HostSet.Of(Enumerable.Range(1, 20).Select(number => $"web-{number:00}"));
        place.Scripted.HostsOf[JobCases.Id] = [.. JobCases.Hosts("web-[03-05]", HostState.Failed), .. JobCases.Hosts("web-06", HostState.Ok), .. JobCases.Hosts("web-07", HostState.Skipped)];
        Assert.Equal("web-[01-02]", await FoldedAsync(new HostWords { Group = "web", Limit = "10%" }));
        Assert.Equal("db-1,web-[01-06,08-20]", await FoldedAsync(new HostWords { Group = "web", Hosts = "!web-07,db-1" }));
        Assert.Equal("web-[03-05]", await FoldedAsync(new HostWords { Hosts = $"@web,&@job:{JobCases.Id}.failed" }));
        Assert.Equal("web-[03-05,07]", await FoldedAsync(new HostWords { Hosts = $"@job:{JobCases.Id}.bad" }));
        Assert.Equal(await FoldedAsync(new HostWords { Group = "web", Pick = 3, Seed = 5 }), await FoldedAsync(new HostWords { Hosts = "@web", Pick = 3, Seed = 5 }));
        Assert.Contains("@db is not known at proxy-01", (await Assert.ThrowsAsync<UserError>(() => FoldedAsync(new HostWords { Hosts = "@db" }))).Message, StringComparison.Ordinal);
        Assert.Equal("--hosts, character 2: 'web-99' is left out and does not stand before it".Replace("2", "1", StringComparison.Ordinal), (await Assert.ThrowsAsync<UserError>(() => FoldedAsync(new HostWords { Group = "web", Hosts = "!web-99" }))).Message);
        Assert.Contains("no host is left", (await Assert.ThrowsAsync<UserError>(() => FoldedAsync(new HostWords { Group = "web", Hosts = "!@web" }))).Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = Patience)]
    public async Task A_job_is_found_by_the_start_or_the_end_of_its_id()
    {
        foreach (string id in new[] { "01JZ8Q5X3T4V6W7Y8Z9A0B1C2D", "01JZ8Q5X3T4V6W7Y8Z9A0B1C3D", "01JZ9Q5X3T4V6W7Y8Z9A0B1C2E" })
        {
            place.Scripted.Known.Add(JobCases.Job(Order.Exec, [.. JobCases.Hosts("web-[1-3]", HostState.Queued)]) with { Id = JobId.TryParse(id, out var read) ? read : default });
        }

        Assert.Equal(place.Scripted.Known[2].Id, (await FindAsync("01jz9")).Id);
        Assert.Equal(place.Scripted.Known[1].Id, (await FindAsync("0B1C3D")).Id);
        Assert.Equal(place.Scripted.Known[0].Id, (await FindAsync("01JZ8Q5X3T4V6W7Y8Z9A0B1C2D")).Id);
        Assert.Contains("of 2 jobs", (await Assert.ThrowsAsync<UserError>(() => FindAsync("01JZ8"))).Message, StringComparison.Ordinal);
        Assert.Contains("not known", (await Assert.ThrowsAsync<UserError>(() => FindAsync("ZZZZ"))).Message, StringComparison.Ordinal);
        Assert.Equal(64, (await Assert.ThrowsAsync<UserError>(() => FindAsync("2D"))).ExitCode);

        Task<JobView> FindAsync(string text) => JobPages.FindAsync("proxy-01", place.Jobs, text, CancellationToken.None);
    }

    [Fact(Timeout = Patience)]
    public async Task A_list_of_jobs_that_has_no_end_is_cut()
    {
        var job = JobCases.Job(Order.Exec, [.. JobCases.Hosts("web-1", HostState.Ok)]);
        place.Scripted.Listing = () => new Page<JobView>([.. Enumerable.Range(0, 100).Select(_ => job with { Id = JobId.New(DateTimeOffset.UtcNow) })], "more");
        Assert.Equal(JobPages.MostListed, (await JobPages.JobsAsync(place.Jobs, new JobQuery(), JobPages.MostListed, CancellationToken.None)).Count);
    }

    Task IAsyncLifetime.InitializeAsync() => Task.CompletedTask;

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    public ValueTask DisposeAsync() => place.DisposeAsync();

    private async Task<string> FoldedAsync(HostWords words) => (await ChosenHosts.OfAsync(words, place, CancellationToken.None)).Folded;
}

using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Store;
using Deploy.Tests.Fixtures;
using Deploy.Tests.Logs;
using Xunit;

namespace Deploy.Tests.Store;

/// <summary>Stores of every version that shipped are read.</summary>
public sealed class SchemaTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_store_of_version_1_is_brought_to_this_one_with_all_that_it_has()
    {
        Schemas.Make(folder["jobs.db"], Schemas.Version1);
        await using (var store = Samples.Open(folder["jobs.db"], time: new SetTime(Samples.Start)))
        {
            var job = Assert.Single(store.List(new JobQuery(), 10).Items);
            Assert.Equal((Order.Rsync, JobState.Done, Samples.Start, "{}"), (job.Order, job.State, job.Accepted, System.Text.Encoding.UTF8.GetString(job.Document.Span)));
            var hosts = store.Hosts(job.Id, [], 0, 10);
            Assert.Equal([HostState.Ok, HostState.Queued], hosts.Select(host => host.Standing.State));
            Assert.Equal("d1", hosts[0].Standing.Shape);
            Assert.Equal("new\n"u8.ToArray(), store.Content(job.Id, "d1")!.Bytes.ToArray());
            Assert.Equal("web-001", Assert.Single(store.Shapes(job.Id)).Hosts);
            Assert.Equal(["a", "b"], store.Log(job.Id, "web-001")!.Select(line => line.Text));
            Assert.Equal("web-[001-002]", Assert.Single(store.Leases()).Hosts);
            await store.AddAsync(Samples.Job(), ["a"]);
        }

        Assert.Equal(Schema.Version, Schemas.Ask(folder["jobs.db"], "PRAGMA user_version"));
        Assert.Equal(0, Schemas.Ask(folder["jobs.db"], "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check != 'ok'"));
    }

    [Fact]
    public async Task Two_that_open_a_new_store_at_once_make_one()
    {
        var opened = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Samples.Open(folder["jobs.db"]))));
        var job = Samples.Job();
        await Task.WhenAll(opened.Select(store => store.AddAsync(Samples.Job(), ["a"])));
        await opened[0].AddAsync(job, ["a"]);
        Assert.All(opened, store => Samples.Same(job, store.Find(job.Id)));
        Assert.All(opened, store => Assert.Equal(5, store.List(new JobQuery(), 10).Items.Count));
        foreach (var store in opened)
        {
            await store.DisposeAsync();
        }
    }
}

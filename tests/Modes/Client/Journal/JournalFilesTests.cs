using Deploy.Model;
using Deploy.Modes.Client.Journal;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.Modes.Client.Journal;

public sealed class JournalFilesTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly JobId id = JobId.New(DateTimeOffset.UnixEpoch.AddYears(60));

    [Fact]
    public void A_job_has_one_owner_until_that_lets_go()
    {
        var files = Files();
        var held = files.TryOwn(id);
        Assert.NotNull(held);
        Assert.Null(Files().TryOwn(id));
        held.Dispose();
        using var next = Files().TryOwn(id);
        Assert.NotNull(next);
    }

    [Fact]
    public void Ports_are_kept_folded()
    {
        string[] hosts = ["web-1", "web-2", "db-1", "::1"];
        Files().KeepPorts(id, hosts, host => host == "db-1" ? 99 : 3440);
        Assert.Equal(hosts.Order().Select(host => (host, host == "db-1" ? 99 : 3440)), Files().PortsOf(id).Select(port => (port.Key, port.Value)).Order());
        Assert.Empty(Files().PortsOf(JobId.New(DateTimeOffset.UnixEpoch)));
    }

    [Fact]
    public void What_is_asked_is_heard_once()
    {
        Assert.Null(Files().Asked(id));
        Files().Ask(id, "cancel");
        Assert.Equal("cancel", Files().Asked(id));
        Assert.Null(Files().Asked(id));
    }

    [Fact]
    public void Files_of_old_jobs_go_and_others_stay()
    {
        var files = Files();
        files.KeepPorts(id, ["a"], _ => 1);
        File.WriteAllText(folder["state/jobs.db"], string.Empty);
        files.Tidy(DateTimeOffset.UnixEpoch.AddYears(60).AddDays(99));
        Assert.NotEmpty(files.PortsOf(id));
        files.Tidy(DateTimeOffset.UnixEpoch.AddYears(60).AddDays(101));
        Assert.Empty(files.PortsOf(id));
        Assert.True(files.HasStore);
    }

    [Fact]
    public void The_directory_is_its_owners_alone_and_found_as_the_specification_says()
    {
        Files();
#pragma warning disable CA1416 // Linux alone.
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder["state"]));
        File.SetUnixFileMode(folder["state"], (UnixFileMode)0b111_111_111);
#pragma warning restore CA1416
        Assert.Equal(ExitCodes.Failed, Assert.Throws<UserError>(() => Files()).ExitCode);
        Assert.Equal("/s/deploy", JournalSettings.Place("/s", "/h"));
        Assert.Equal("/h/.local/state/deploy", JournalSettings.Place("s", "/h"));
        Assert.Null(JournalSettings.Place(null, null));
    }

    public void Dispose() => folder.Dispose();

    private JournalFiles Files()
    {
        var files = new JournalFiles(folder["state"]);
        files.Make();
        return files;
    }
}

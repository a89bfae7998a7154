using System.Text;
using Deploy.Modes.Agent;
using Deploy.Modes.Daemon;
using Deploy.Security.Channel;
using Deploy.Security.Files;
using Deploy.Security.Keys;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.Security.Files;

public sealed class NewFileTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Of_many_that_make_a_file_at_once_one_does_and_it_stays_as_that_one_made_it()
    {
        for (int round = 0; round < 50; round++)
        {
            string path = folder[$"file-{round}"];
            using var start = new Barrier(4);
            bool[] made = await Task.WhenAll(Enumerable.Range(0, 4).Select(number => Task.Factory.StartNew(
                () =>
                {
                    start.SignalAndWait();
                    return NewFile.TryWrite(path, Encoding.UTF8.GetBytes($"{number}"));
                },
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default)));
            Assert.Equal(Array.IndexOf(made, true).ToString(System.Globalization.CultureInfo.InvariantCulture), File.ReadAllText(path));
            Assert.Single(made, one => one);
        }

        Assert.Equal(50, Directory.GetFiles(folder.Path).Length); // and nothing beside
    }

    [Fact]
    public async Task Of_many_that_make_a_proxys_key_at_once_all_have_the_same()
    {
        var keys = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => SshKeyFile.OpenOrCreate(folder["proxy_key"], "px", out bool _).Key)));
        Assert.Single(keys.Distinct());
        Assert.Equal(keys[0], SshKeyFile.Open(folder["proxy_key"]).Key);
    }

    [Fact]
    public void Of_two_daemons_that_start_first_the_later_takes_the_key_that_is_there()
    {
        var settings = AgentSettings.Of("web-1") with { HostKeyFile = folder["host_key.pem"] };
        var log = new ListLog();
        var mine = new HostKeyAtWork(folder["agent.toml"], TimeProvider.System, log).Begin(settings, out var keepMine);
        var theirs = new HostKeyAtWork(folder["proxy.toml"], TimeProvider.System, log).Begin(settings, out var keepTheirs);
        Assert.NotEqual(mine.HostKey!.Pin, theirs.HostKey!.Pin);
        Assert.Null(keepTheirs!());
        Assert.Equal(theirs.HostKey.Pin, keepMine!()!.Pin);
        Assert.Equal(theirs.HostKey.Pin, HostKeyFile.Load(folder["host_key.pem"])!.Pin);
        Assert.Contains(log.Entries, entry => entry.Message.StartsWith($"took the host key {folder["host_key.pem"]}; its pin is {theirs.HostKey.Pin}", StringComparison.Ordinal));
    }

    [Fact]
    public void What_a_killed_one_left_beside_is_swept_away_and_nothing_else()
    {
        string left = folder[$"key.{Guid.NewGuid():N}.new"], held = folder[$"key.{Guid.NewGuid():N}.new"];
        string[] others = [folder["key"], folder["key.new"], folder["key.old.new"], folder[$"other.{Guid.NewGuid():N}.new"], folder[$"key.{Guid.NewGuid():N}"]];
        foreach (string path in (string[])[left, .. others])
        {
            File.WriteAllText(path, "x");
        }

        using (new FileStream(held, FileMode.CreateNew, FileAccess.Write, FileShare.None))
        {
            NewFile.Sweep(folder["key"]);
            Assert.False(File.Exists(left));
            Assert.True(File.Exists(held));
            Assert.All(others, path => Assert.True(File.Exists(path)));
        }

        NewFile.Sweep(folder["key"]);
        Assert.False(File.Exists(held));
    }
}

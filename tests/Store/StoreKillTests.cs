using System.Diagnostics;
using System.Globalization;
using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.Store;

/// <summary>A process that is killed in the middle of writing: what it was told to be on disk is there.</summary>
public sealed class StoreKillTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task What_was_acknowledged_before_a_kill_is_there()
    {
        var acknowledged = new Dictionary<(string Job, int Place), long>();
        for (int round = 0; round < 4; round++)
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
            using var writer = Process.Start(new ProcessStartInfo(Dotnet, [typeof(StoreKillTests).Assembly.Location, "store-writer", folder["jobs.db"]]) { RedirectStandardOutput = true })!;
            try
            {
                string job = (await writer.StandardOutput.ReadLineAsync(limit.Token))!["job ".Length..];
                int lines = 0;
                while (await writer.StandardOutput.ReadLineAsync(limit.Token) is { } line)
                {
                    string[] words = line.Split(' ');
                    if (words.Length == 2 && long.TryParse(words[1], CultureInfo.InvariantCulture, out long rev))
                    {
                        acknowledged[(job, int.Parse(words[0], CultureInfo.InvariantCulture))] = rev;
                    }

                    if (++lines == 300 * (round + 1))
                    {
                        writer.Kill();
                    }
                }

                await writer.WaitForExitAsync(limit.Token);
                Assert.Equal(128 + 9, writer.ExitCode);
            }
            finally
            {
                writer.Kill();
            }
        }

        await using var store = Samples.Open(folder["jobs.db"]);
        Assert.Equal(4, store.Unfinished().Count + store.List(new JobQuery { State = JobState.Done }, 10).Items.Count);
        foreach (var ((text, place), rev) in acknowledged)
        {
            Assert.True(JobId.TryParse(text, out var job));
            var (_, standing) = store.Hosts(job, [], place, 1)[0];
            Assert.True(standing.Rev >= rev, $"{rev} was acknowledged, {standing.Rev} is there");
            Assert.Equal($"rev {standing.Rev}", store.Log(job, standing.Host)![0].Text);
            Assert.Equal(3000, store.Content(job, standing.Shape!)!.Bytes.Length);
            Assert.Equal(StoreWriterProcess.HostCount, store.Counts(job).Values.Sum());
        }
    }

    private static string Dotnet => Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? Environment.ProcessPath! : "dotnet";
}

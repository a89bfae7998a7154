using System.Net.Sockets;
using Deploy.Tests.EndToEnd.Harness;
using Xunit;

namespace Deploy.Tests.Attacks.Floods;

/// <summary>What an agent was before a flood, and is held against behind it: descriptors, memory, jobs, files.</summary>
internal sealed class Siege
{
    /// <summary>More descriptors than before that are no leak: what the runtime opens as it goes.</summary>
    private const int Spare = 12;

    private readonly AttackedAgent agent;
    private readonly HashSet<string> jobs;
    private readonly HashSet<string> marks;
    private readonly int descriptors;
    private readonly long resident;

    private Siege(AttackedAgent agent, HashSet<string> jobs)
    {
        (this.agent, this.jobs, marks) = (agent, jobs, MarksOf(agent));
        (descriptors, resident) = (ProcFacts.Descriptors(agent.Daemon.Pid), ProcFacts.ResidentBytes(agent.Daemon.Pid));
    }

    /// <summary>Looks at an agent that has been asked once, so that it has what it needs.</summary>
    public static async Task<Siege> BeforeAsync(AttackedAgent agent)
    {
        await agent.TakenAsync(SignedRequest.Mark(agent.Alice));
        return new Siege(agent, await JobsOfAsync(agent));
    }

    /// <summary>An honest operator is served: what is asked is answered, what is ordered runs, once. Asks again where no place was free.</summary>
    public async Task ServesAsync()
    {
        var order = SignedRequest.Mark(agent.Alice);
        jobs.Add(order.Nonce);
        marks.Add(order.Nonce);
        var answer = await PatientlyAsync(order);
        Assert.True(answer.Status is 200 or 202, $"{answer}\n{agent.Daemon.LogText}"); // 200: it was taken when its answer was lost
        await Eventually.TrueAsync(() => agent.Marks(order.Nonce).Length == 1, () => agent.Daemon.LogText);
        Assert.Equal(200, (await PatientlyAsync(SignedRequest.Get(agent.Alice, "/v1/self"))).Status);
    }

    /// <summary>It costs no more than this while it goes on.</summary>
    public void CostsAtMost(long bytes)
    {
        long now = ProcFacts.ResidentBytes(agent.Daemon.Pid);
        Assert.True(now - resident <= bytes, $"{resident} bytes of memory became {now}, with {bytes} allowed");
    }

    /// <summary>Its descriptors are as many as before: no connection of the flood is left, whether or not the other end has noticed.</summary>
    public Task ReleasedAsync()
    {
        int Open() => ProcFacts.Descriptors(agent.Daemon.Pid);
        return Eventually.TrueAsync(() => Open() <= descriptors + Spare, () => $"{descriptors} descriptors became {Open()}\n{agent.Daemon.LogText}");
    }

    /// <summary>Behind it: descriptors and memory come back, and nothing was started or written but what the honest operator ordered.</summary>
    /// <param name="bytes">Memory that may stay: what the allocator of a process keeps.</param>
    /// <param name="taken">Orders of the flood that were right, and have run.</param>
    public async Task EndsAsync(long bytes = 96 * 1024 * 1024, params IEnumerable<SignedRequest> taken)
    {
        jobs.UnionWith(taken.Select(order => order.Nonce));
        marks.UnionWith(jobs);
        await ReleasedAsync();
        await ServesAsync();
        await Eventually.TrueAsync(() => ProcFacts.ResidentBytes(agent.Daemon.Pid) - resident <= bytes, () => $"{resident} bytes of memory became {ProcFacts.ResidentBytes(agent.Daemon.Pid)}");
        Assert.Subset(jobs, await JobsOfAsync(agent));
        Assert.Subset(marks, MarksOf(agent));
        Assert.Empty(Directory.EnumerateFileSystemEntries(agent.Target));
        await agent.Daemon.NoChildrenAsync();
        Assert.DoesNotContain(agent.Daemon.Log, line => line.Contains("failed inside the daemon", StringComparison.Ordinal));
    }

    /// <summary>Asks until it is answered: in a flood a connection may find no place.</summary>
    private async Task<RawAnswer> PatientlyAsync(SignedRequest request)
    {
        for (long end = Environment.TickCount64 + (long)Eventually.Limit.TotalMilliseconds; ;)
        {
            try
            {
                var answer = await agent.AskAsync(request);
                if (answer.Status != 0 || Environment.TickCount64 > end)
                {
                    return answer;
                }
            }
            catch (Exception error) when (error is IOException or SocketException && Environment.TickCount64 < end)
            {
                // No place; or our own end of it was closed within the handshake.
            }

            await Task.Delay(100);
        }
    }

    private static async Task<HashSet<string>> JobsOfAsync(AttackedAgent agent) =>
        [.. (await agent.ReadAsync("/v1/jobs")).GetProperty("items").EnumerateArray().Select(job => job.GetProperty("id").GetString()!)];

    private static HashSet<string> MarksOf(AttackedAgent agent) => [.. Directory.EnumerateFiles(Path.Combine(agent.Root, "marks")).Select(file => Path.GetFileName(file))];
}

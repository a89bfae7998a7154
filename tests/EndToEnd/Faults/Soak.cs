using System.Text.Json.Nodes;
using Deploy.Processes.Native;
using Deploy.Tests.EndToEnd.Harness;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.EndToEnd.Faults;

/// <summary>Random faults over a small fleet while jobs run, by a fixed seed; then what must hold, whatever happened.</summary>
internal sealed class Soak(FaultFleet fleet, int seed, Action<string> say)
{
    private const int SigStop = 19; // signal(7), x86 and ARM
    private const int SigContinue = 18;

    /// <summary>A frozen daemon answers nobody until it is healed, and that comes with the next faults: what is asked of it goes on in the background.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Random random = new(seed);
    private readonly List<JsonObject> taken = [];
    private readonly List<JsonObject> unanswered = [];
    private readonly List<(int At, Func<Task> Heal)> healing = [];
    private readonly List<HttpClient> deadReaders = [];
    private int step;

    /// <summary>Runs so many faults, heals everything, and checks.</summary>
    public async Task RunAsync(int faults)
    {
        for (step = 1; step <= faults; step++)
        {
            foreach (var (at, heal) in healing.Where(one => one.At <= step).ToList())
            {
                healing.RemoveAll(one => one.At == at && one.Heal == heal);
                await heal();
            }

            if (random.Next(3) > 0)
            {
                await SubmitAsync();
            }

            await FaultAsync();
            await Task.Delay(random.Next(400));
        }

        foreach (var (_, heal) in healing.OrderBy(one => one.At).ToList())
        {
            await heal();
        }

        await CheckAsync();
    }

    private async Task SubmitAsync()
    {
        var document = random.Next(6) switch
        {
            0 => JobsApi.Document("exec", fleet.Hosts, ("command", "hello")),
            1 => JobsApi.Document("exec", fleet.Hosts, ("command", "nap"), ("rollout", new JsonObject { ["max_parallel"] = 2, ["max_failures"] = "1" })),
            2 => JobsApi.Document("rsync", fleet.Hosts, ("group", "site"), ("rollout", new JsonObject { ["batches"] = "1,50%,100%", ["canary"] = "1" })),
            3 => JobsApi.Document("rsync", fleet.Hosts, ("group", "slow"), ("allow_delete", 5)),
            4 => JobsApi.Document("rlist", fleet.Hosts, ("group", "site"), ("keep", true)),
            _ => JobsApi.Document("rsync", $"a{random.Next(fleet.Count) + 1}", ("group", "site")),
        };
        int times = random.Next(4) == 0 ? 2 : 1;
        var answers = await Task.WhenAll(Enumerable.Range(0, times).Select(_ => InTimeAsync<(int Status, string Body)>(fleet.ProxyApi.SubmitAsync(document), (0, "no answer yet"))));
        say($"{step}: {document["order"]} {document["group"] ?? document["command"]} {document["id"]}: {string.Join(' ', answers.Select(answer => answer.Status))}");
        if (answers.Any(answer => answer.Status is 200 or 202))
        {
            taken.Add(document);
        }
        else if (answers.Any(answer => answer.Status == 0))
        {
            unanswered.Add(document); // it may be there, and then it is whole
        }
        else
        {
            Assert.All(answers, answer => Assert.True(answer.Status is 409 or 503, $"{answer.Status} {answer.Body}")); // a lease, or a stop
        }
    }

    private async Task FaultAsync()
    {
        int place = random.Next(fleet.Count);
        switch (random.Next(12))
        {
            case 0 or 1 when fleet.Agent(place) is not null:
                say($"{step}: kill -9 a{place + 1}");
                await fleet.KillAgentAsync(place);
                Later(async () => await fleet.StartAgentAsync(place));
                break;
            case 2 when fleet.Agent(place) is not null:
                say($"{step}: stop a{place + 1}");
                await Continue(fleet.Agent(place)!.Pid);
                await fleet.StopAgentAsync(place);
                Later(async () => await fleet.StartAgentAsync(place));
                break;
            case 3 or 4 when fleet.Proxy is not null:
                say($"{step}: kill -9 proxy");
                await fleet.KillProxyAsync();
                Later(fleet.StartProxyAsync);
                break;
            case 5 when fleet.Proxy is not null:
                say($"{step}: stop proxy");
                await Continue(fleet.Proxy.Pid);
                await fleet.StopProxyAsync();
                Later(fleet.StartProxyAsync);
                break;
            case 6 when fleet.Agent(place) is { } frozen:
                say($"{step}: freeze a{place + 1}");
                _ = Libc.kill(frozen.Pid, SigStop);
                Later(() => Continue(frozen.Pid));
                break;
            case 7 when fleet.Proxy is { } frozen:
                say($"{step}: freeze proxy");
                _ = Libc.kill(frozen.Pid, SigStop);
                Later(() => Continue(frozen.Pid));
                break;
            case 8:
                int[] children = [.. ProcFacts.WithArgument(fleet.Setup(place).Targets)];
                say($"{step}: kill {children.Length} of what a{place + 1} runs");
                foreach (int child in children)
                {
                    _ = Libc.kill(child, Libc.SIGKILL);
                }

                break;
            case 9:
                say($"{step}: a reader that never reads");
                var reader = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
                deadReaders.Add(reader);
                _ = reader.GetAsync(new Uri($"http://{fleet.ProxyAddress}:3441/v1/events"), HttpCompletionOption.ResponseHeadersRead).ContinueWith(done => _ = done.Exception, TaskScheduler.Default);
                break;
            case 10 when taken.Count > 0:
                string id = taken[random.Next(taken.Count)]["id"]!.GetValue<string>();
                say($"{step}: cancel {id}: {await InTimeAsync(fleet.ProxyApi.ActAsync(id, "cancel"), 0)}");
                break;
            default:
                File.WriteAllText(fleet.Folder["origin/site/index.html"], $"index {step}");
                File.WriteAllText(fleet.Folder[$"origin/site/page-{step % 7}"], $"{step}");
                File.Delete(fleet.Folder[$"origin/site/page-{(step + 3) % 7}"]);
                say($"{step}: the origin changed");
                break;
        }
    }

    private static async Task<T> InTimeAsync<T>(Task<T> answer, T otherwise) => await Task.WhenAny(answer, Task.Delay(Patience)) == answer ? await answer : otherwise;

    private void Later(Func<Task> heal) => healing.Add((step + 1 + random.Next(3), heal));

    private static Task Continue(int pid)
    {
        _ = Libc.kill(pid, SigContinue); // it may be gone by now
        return Task.CompletedTask;
    }

    private async Task CheckAsync()
    {
        deadReaders.ForEach(reader => reader.Dispose());
        foreach (var document in taken.ToList())
        {
            // What slept through a lease of another may take its time; nothing may hang.
            await fleet.ProxyApi.EndedAsync(document["id"]!.GetValue<string>(), TimeSpan.FromMinutes(3));
        }

        foreach (var document in unanswered)
        {
            string id = document["id"]!.GetValue<string>();
            if (await fleet.ProxyApi.GetAsync($"v1/jobs/{id}") is not null)
            {
                await fleet.ProxyApi.EndedAsync(id, TimeSpan.FromMinutes(3));
                taken.Add(document);
            }
        }

        foreach (var document in taken)
        {
            string hosts = document["hosts"]!.GetValue<string>();
            await fleet.ProxyApi.StatesAsync(document["id"]!.GetValue<string>(), hosts == fleet.Hosts ? fleet.Count : 1);
        }

        // Each agent's own jobs have ended too, its processes with them.
        foreach (var api in fleet.AgentApis)
        {
            foreach (var job in (await api.GetAsync("v1/jobs"))!.Value.GetProperty("items").EnumerateArray())
            {
                await api.EndedAsync(job.GetProperty("id").GetString()!, TimeSpan.FromMinutes(2));
                await api.StatesAsync(job.GetProperty("id").GetString()!, 1);
            }
        }

        await fleet.NoChildrenAsync();

        // Whole again: one more sync makes every target what the origin is, nothing more and nothing less.
        string last = await fleet.ProxyApi.TakenAsync(JobsApi.Document("rsync", fleet.Hosts, ("group", "site")));
        await fleet.ProxyApi.EndedAsync(last);
        var states = await fleet.ProxyApi.StatesAsync(last, fleet.Count);
        Assert.All(states.Values, state => Assert.True(state is "ok" or "unchanged", string.Join(' ', states)));
        for (int place = 0; place < fleet.Count; place++)
        {
            fleet.TargetIsOrigin(place, "site", "site");
        }

        await fleet.NoChildrenAsync();
        say($"{taken.Count} jobs, every host of each accounted for");
    }
}

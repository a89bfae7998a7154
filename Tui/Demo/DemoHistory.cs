using System.Globalization;
using Deploy.Model;
using Deploy.Model.Hosts;
using Deploy.Model.Jobs;

namespace Deploy.Tui.Demo;

/// <summary>The past of the made-up fleet: the ended jobs of some days, and the audit log of them.</summary>
internal static class DemoHistory
{
    private const int Rounds = 5;
    private const int MostHosts = 400; // of all but the first: a large fleet needs no large past
    private const int RecordsBetween = 8;

    private static readonly string[] People = ["alice@desk", "bob@desk", "carol@laptop", "ci@build-1"];

    /// <summary>Writes it: the world's clock stands where the past ends, each job has its own times.</summary>
    public static void Write(DemoWorld world, DateTimeOffset now)
    {
        var at = now.AddHours(-70);
        Take(world, at, Sync(world, "site", world.Hosts.All, "ci@build-1", "first release"), most: int.MaxValue);
        Take(world, at.AddMinutes(9), Sync(world, "config", world.Hosts.All, "alice@desk", null), most: int.MaxValue);
        for (int round = 0; round < Rounds; round++)
        {
            at = now.AddHours((round - Rounds) * 12).AddMinutes(world.Chance.Below(90, Name($"round {round}")));
            string who = People[round % People.Length];
            world.Trees.Origins["site"]++;
            Take(world, at, Plan(world, "site", world.Hosts.In("web"), who));
            Take(world, at.AddMinutes(6), Sync(world, "site", world.Hosts.In("web"), who, Name($"release {world.Trees.Origins["site"]}"), new RolloutSpec { Canary = "2", Batches = "10%,100%", MaxFailures = "10%", MaxParallel = 20 }) with { AllowDelete = round % 2 == 0 ? null : 250 });
            Take(world, at.AddMinutes(40), Exec(world, "disk", world.Hosts.All, "ci@build-1"));
            world.Trees.Origins["config"] += round % 2; // every other time nothing is to do
            Take(world, at.AddHours(3), Sync(world, "config", world.Hosts.In("db").Concat(world.Hosts.In("cache")), who, null));
            Take(world, at.AddHours(5), Status(world, "static", world.Hosts.In("edge"), "ci@build-1"));
        }

        world.Trees.Origins["site"]++;
        world.Trees.Origins["config"]++;
        Take(world, now.AddMinutes(-52), Exec(world, "check", world.Hosts.In("web").Take(20), "bob@desk"));
        Take(world, now.AddMinutes(-34), Plan(world, "site", world.Hosts.In("web"), "alice@desk"));
        Take(world, now.AddMinutes(-17), Sync(world, "site", world.Hosts.In("edge"), "bob@desk", "edge first", new RolloutSpec { MaxParallel = 10 }), cancelledBy: "carol@laptop");
        world.Audit.Settle();
    }

    private static JobSpec Sync(DemoWorld world, string group, IEnumerable<DemoHost> hosts, string by, string? why, RolloutSpec? rollout = null) => Spec(world, Order.Rsync, hosts, by) with { Group = group, Reason = why, Rollout = rollout };

    private static JobSpec Plan(DemoWorld world, string group, IEnumerable<DemoHost> hosts, string by) => Spec(world, Order.Rlist, hosts, by) with { Group = group, Keep = true };

    private static JobSpec Status(DemoWorld world, string group, IEnumerable<DemoHost> hosts, string by) => Spec(world, Order.Status, hosts, by) with { Group = group };

    private static JobSpec Exec(DemoWorld world, string command, IEnumerable<DemoHost> hosts, string by) => Spec(world, Order.Exec, hosts, by) with { Command = command };

    /// <summary>A document without its id and with all hosts: <see cref="Take"/> gives it these.</summary>
    private static JobSpec Spec(DemoWorld world, Order order, IEnumerable<DemoHost> hosts, string by) => new() { Id = default, Order = order, Hosts = HostFold.Fold(hosts.Select(host => host.Name).Take(world.Hosts.All.Count)), By = by };

    /// <summary>Does a job, without playing it: each host gets its turn by arithmetic.</summary>
    private static void Take(DemoWorld world, DateTimeOffset at, JobSpec spec, int most = MostHosts, string? cancelledBy = null)
    {
        IReadOnlyList<DemoHost> hosts = FrozenHosts.TryParse(spec.Hosts, out var frozen, out _) ? [.. frozen.Expand().Select(name => world.Hosts.Find(name)!).Take(most)] : [];
        spec = spec with { Id = world.Chance.NextId(at), Hosts = HostFold.Fold(hosts.Select(host => host.Name)) };
        var job = new DemoJob(spec, hosts, at) { Peer = DemoAudit.PeerOf(spec.By!), State = JobState.Running, Started = at };
        Fill(world.Audit, at, spec.By!);
        world.Audit.Add(job);
        var last = at;
        int parallel = spec.Rollout?.MaxParallel ?? 50;
        var free = new PriorityQueue<DateTimeOffset, DateTimeOffset>(Enumerable.Repeat((at, at), parallel));
        var cancelled = cancelledBy is null ? DateTimeOffset.MaxValue : at.AddSeconds(21);
        for (int place = 0; place < hosts.Count; place++)
        {
            var begins = free.Dequeue();
            var end = begins >= cancelled ? new DemoEnd(HostState.Cancelled, TimeSpan.Zero) : world.Endings.Of(job, hosts[place], begins);
            bool isBroken = begins + end.Duration > cancelled;
            end = isBroken ? new DemoEnd(HostState.Cancelled, cancelled - begins) : end;
            end = end.State == HostState.Cancelled ? end with { Reason = $"cancelled by {cancelledBy}" } : end;
            var ended = begins < cancelled ? begins + end.Duration : cancelled;
            free.Enqueue(ended, ended);
            last = ended > last ? ended : last;
            var standing = job.Standings[place] with { Started = begins < cancelled ? begins : null, Batch = spec.Rollout is null ? null : 1 };
            job.Set(place, end.Of(standing, ended), end.Content);
            end.Do(job, hosts[place], world.Trees, ended);
        }

        (job.State, job.Ended) = (cancelledBy is null ? JobState.Done : JobState.Cancelled, last);
        if (cancelledBy is not null)
        {
            job.Reason = $"cancelled by {cancelledBy}";
            world.Audit.Add(job, JobAct.Cancel, cancelledBy, cancelled);
        }

        if (spec.Rollout is not null)
        {
            job.Batch = (1, 1);
        }

        world.Add(job);
    }

    /// <summary>What a day leaves beside jobs: questions of programs, and what was refused.</summary>
    private static void Fill(DemoAudit audit, DateTimeOffset before, string who)
    {
        for (int minutes = RecordsBetween; minutes > 0; minutes--)
        {
            var at = before.AddMinutes(-minutes * 5);
            switch (minutes)
            {
                case 3:
                    audit.Refuse("rsync", "site", null, "unauthenticated: no key that is known here signed it", at);
                    break;
                case 5:
                    audit.Refuse("exec", "reload", "ci@build-1", "not-allowed: its line in authorized_operators has orders=\"status,rlist,rsync\"", at);
                    break;
                default:
                    audit.Note("status", minutes % 2 == 0 ? "config" : "site", who, at);
                    break;
            }
        }
    }

    private static string Name(FormattableString name) => name.ToString(CultureInfo.InvariantCulture);
}

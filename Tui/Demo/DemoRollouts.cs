using System.Globalization;
using Deploy.Model;
using Deploy.Model.Hosts;
using Deploy.Model.Jobs;

namespace Deploy.Tui.Demo;

/// <summary>The rollouts that come by themselves: a new release of one sync group on the web hosts, and a while after its end the next. The other sync groups are left to the operator.</summary>
internal sealed class DemoRollouts(DemoWorld world)
{
    /// <summary>The sync group that they roll out.</summary>
    public const string Group = "static";

    /// <summary>For how long the first has been under way when somebody looks.</summary>
    public static readonly TimeSpan Head = TimeSpan.FromSeconds(75);

    private const string By = "ci@build-1";
    private const int Waves = 12;

    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(60);

    /// <summary>Begins one.</summary>
    public void Begin()
    {
        int release = ++world.Trees.Origins[Group];
        var hosts = world.Hosts.In("web").ToList();
        int parallel = Math.Clamp(hosts.Count / Waves, 5, 400);
        var job = new DemoJob(
            new JobSpec
            {
                Id = world.Chance.NextId(world.Now),
                Order = Order.Rsync,
                Hosts = HostFold.Fold(hosts.Select(host => host.Name)),
                Group = Group,
                By = By,
                Reason = string.Create(CultureInfo.InvariantCulture, $"release {release}"),
                Rollout = new RolloutSpec { MaxParallel = parallel, MaxFailures = "10%" },
            },
            hosts,
            world.Now)
        { Peer = DemoAudit.PeerOf(By) };
        world.Audit.Add(job);
        world.Run(job, () => world.Schedule(Rest, Begin));
    }
}

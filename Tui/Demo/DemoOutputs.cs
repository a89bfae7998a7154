using System.Globalization;
using System.Text;
using Deploy.Model;
using Deploy.Model.Jobs;

namespace Deploy.Tui.Demo;

/// <summary>What made-up commands print, and what is in a host's log.</summary>
internal static class DemoOutputs
{
    /// <summary>The commands that hosts have.</summary>
    public static readonly IReadOnlyList<string> Commands = ["check", "disk", "reload", "say", "uptime", "version"];

    /// <summary>What a command prints on a host; null for one that is not there.</summary>
    public static CommandOutput? Of(JobSpec spec, DemoHost host) => spec.Command switch
    {
        "check" => host.Name == DemoHosts.Broken
            ? Printed(1, string.Empty, "nginx: [emerg] open() \"/srv/www/site/img/40/017.webp\" failed (13: Permission denied)\nnginx: configuration file /etc/nginx/nginx.conf test failed\n")
            : Printed(0, "nginx: the configuration file /etc/nginx/nginx.conf syntax is ok\nnginx: configuration file /etc/nginx/nginx.conf test is successful\n"),
        "disk" => Disk(host),
        "reload" => Printed(0, string.Empty),
        "say" => Printed(0, string.Join(' ', spec.Arguments ?? []) + "\n"),
        "uptime" => Printed(0, host.Variant == DemoTrees.Plain ? "up 41 days\n" : "up 3 days\n"),
        "version" => Printed(0, $"rsync  version {host.Rsync}  protocol version {(host.Rsync == DemoHosts.OldRsync ? "32" : "33")}\n"),
        _ => null,
    };

    /// <summary>What was printed on a host of a job: by rsync, or by the command.</summary>
    public static IReadOnlyList<LogLine> Log(DemoJob job, HostStanding standing) => standing switch
    {
        { Shape: { } digest } when job.Spec.Order == Order.Exec => [.. CommandOutput.Read(job.Content(digest)!)!.Lines()],
        { State: HostState.Partial, Reason: { } reason } =>
        [
            new("stderr", "rsync: [receiver] " + reason[(reason.IndexOf("first reason: ", StringComparison.Ordinal) + 14)..reason.IndexOf("; see what rsync", StringComparison.Ordinal)]),
            new("stderr", "rsync error: some files/attrs were not transferred (see previous errors) (code 23) at main.c(1338)"),
        ],
        { State: HostState.Failed } =>
        [
            new("stderr", "rsync: connection unexpectedly closed (98304 bytes received so far) [receiver]"),
            new("stderr", "rsync error: error in rsync protocol data stream (code 12) at io.c(232)"),
        ],
        { Totals: { } totals } when job.Spec.Order == Order.Rsync && standing.State.IsGood() =>
        [
            new("stdout", string.Create(CultureInfo.InvariantCulture, $"sent {1_200 + (totals.Files * 31)} bytes  received {totals.Bytes + (totals.Files * 60)} bytes")),
            new("stdout", string.Create(CultureInfo.InvariantCulture, $"total size is {totals.Bytes * 9}  speedup is 8.97")),
        ],
        _ => [],
    };

    /// <summary>Three fill levels, so that outputs fold into three blocks; one host has no room left.</summary>
    private static CommandOutput Disk(DemoHost host)
    {
        var (used, free, share) = host.Group == "db" ? (310, 90, 78) : host.Variant == DemoTrees.Uploads ? (199, 1, 100) : (84, 116, 42);
        string text = string.Create(CultureInfo.InvariantCulture, $"Filesystem  Size  Used  Avail  Use%  Mounted on\n/dev/vda1   {used + free}G  {used}G   {free}G    {share}%   /srv\n");
        return share == 100 ? Printed(1, text, "disk: /srv is full\n") : Printed(0, text);
    }

    private static CommandOutput Printed(int exitCode, string output, string errors = "") => new(exitCode, Encoding.UTF8.GetBytes(output), Encoding.UTF8.GetBytes(errors));
}

using Deploy.Model.Text;
using Deploy.Modes.Agent;
using Deploy.Modes.Client.Journal;
using Deploy.Modes.Daemon;
using Deploy.Processes;
using Deploy.Processes.Confined;
using Deploy.Rsync;

namespace Deploy.Modes.Doctor;

/// <summary>What of this host concerns a daemon: its rsync, what confines it, its unit, its clock.</summary>
internal static class HostFindings
{
    private const string UsualRsync = "/usr/bin/rsync";
    private static readonly string[] Hardening = ["NoNewPrivileges", "ProtectSystem", "ProtectHome", "PrivateTmp", "MemoryDenyWriteExecute"]; // systemd.exec(5)

    /// <summary>The programs that are there, and what holds them.</summary>
    /// <param name="settings">Of the daemon.</param>
    /// <param name="daemon"><c>agent</c> or <c>proxy</c>.</param>
    public static async Task<IReadOnlyList<Finding>> OfAsync(DaemonSettings settings, string daemon)
    {
        var found = new List<Finding>();
        var log = new JournalLog(_ => { });
        await using var children = new Children(null, log);
        var unit = await new UnitState(children).AskAsync($"deploy-{daemon}.service", ["ActiveState", "User", .. Hardening]).ConfigureAwait(false);
        string user = settings.User ?? (unit?.GetValueOrDefault("User") is { Length: > 0 } named ? named : "root");
        found.Add(user is "root" or "0"
            ? new Finding(Grade.Note, "user", daemon == "agent" ? "root: it keeps owners and writes anywhere below its paths, and its commands are root's" : "root: a proxy needs none of that; its unit has the account deploy-proxy")
            : new Finding(Grade.Ok, "user", SafeText.Of(user, 60)));
        if (unit is not null)
        {
            string[] on = [.. Hardening.Where(name => unit.GetValueOrDefault(name) is { Length: > 0 } value && value != "no")];
            found.Add(new Finding(Grade.Ok, "unit", $"deploy-{daemon}.service, {SafeText.Of(unit.GetValueOrDefault("ActiveState") ?? "unknown", 20)}; {(on.Length == 0 ? "no hardening: /usr/share/doc/deploy/examples/hardened-agent.conf is a drop-in" : "hardened by " + string.Join(", ", on))}"));
        }

        if (settings is AgentSettings agent)
        {
            var rsync = new RsyncRunner(children, log);
            foreach (string program in agent.Groups.Values.Select(group => group.Rsync).DefaultIfEmpty(UsualRsync).Distinct().Order(StringComparer.Ordinal))
            {
                var version = await rsync.FindVersionAsync(program).ConfigureAwait(false);
                found.Add(version.Version is { } number ? RsyncHoles.Of(program, number.ToString())
                    : new Finding(Grade.Problem, "rsync", $"{SafeText.Of(program)}: {SafeText.Of(version.Problem!.What)}"));
            }

            found.AddRange(ConfinementReport.Of(Trampoline.OfThisProgram()).Lines.Select(line => new Finding(line.IsFull ? Grade.Ok : Grade.Note, line.What, line.How)));
        }

        return found;
    }

    /// <summary>Signatures are of a minute: the clock must be right.</summary>
    public static Finding Clock() => ClockState.IsSynchronised() switch
    {
        true => new Finding(Grade.Ok, "clock", "synchronised"),
        false => new Finding(Grade.Note, "clock", "nothing keeps it right, and signatures of a minute's difference are refused: run an NTP client (chrony, systemd-timesyncd)"),
        null => new Finding(Grade.Note, "clock", "the kernel does not say whether something keeps it right"),
    };
}

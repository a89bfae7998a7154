using Deploy.Model.Text;
using Deploy.Modes.Pins;
using Deploy.Output;

namespace Deploy.Modes.SetUp;

/// <summary>Says what a set-up made, and what comes next.</summary>
internal static class NextSteps
{
    private static readonly string[] UnitFolders = ["/etc/systemd/system", "/lib/systemd/system", "/usr/lib/systemd/system"]; // systemd.unit(5)

    /// <summary>Prints it.</summary>
    /// <param name="terminal">Where.</param>
    /// <param name="plan">What was asked for.</param>
    /// <param name="result">What came of it.</param>
    /// <param name="more">Further steps, each a command line and what it is for.</param>
    public static void Print(Terminal terminal, SetUpPlan plan, SetUpResult result, IReadOnlyList<(string Line, string What)> more)
    {
        foreach (string warning in result.Warnings)
        {
            terminal.WriteWarning(warning);
        }

        foreach (var file in result.Files)
        {
            terminal.Out.WriteLine($"{(file.Made ? "made " : "there")}  {SafeText.Of(file.Path)}  {file.What}");
        }

        terminal.Out.WriteLine($"pin    {result.Pin}");
        if (result.OwnLine is { } line)
        {
            terminal.Out.WriteLine($"key    {SafeText.Of(line)}");
        }

        string known = SafeText.Of(KnownAgentsPlaces.Shown(plan.At.Host, plan.At.Port));
        (string Line, string What)[] steps =
        [
            (Start(plan), "start it here"),
            ($"deploy client trust {known} {result.Pin}", "where orders are given from"),
            .. more,
        ];
        terminal.Out.WriteLine("next:");
        foreach (var (command, what) in steps)
        {
            terminal.Out.WriteLine($"  {command}  # {what}");
        }
    }

    /// <summary>The command line that starts it: the unit's or the init script's, where they are installed and would read this configuration.</summary>
    private static string Start(SetUpPlan plan)
    {
        string unit = $"deploy-{plan.Daemon}";
        return !plan.IsUsual ? $"deploy {plan.Daemon} --config {SafeText.Of(plan.Config)}"
            : Directory.Exists("/run/systemd/system") && HasUnit(plan.Daemon) ? $"systemctl enable --now {unit}" // sd_booted(3)
            : File.Exists($"/etc/init.d/{unit}") ? $"/etc/init.d/{unit} start"
            : $"deploy {plan.Daemon}";
    }

    /// <summary>Whether the package's unit is on this host.</summary>
    public static bool HasUnit(string daemon) => UnitFolders.Any(folder => File.Exists(Path.Combine(folder, $"deploy-{daemon}.service")));
}

using Deploy.Config;
using Deploy.Config.Ini;
using Deploy.Jobs;
using Deploy.Jobs.Commands;
using Deploy.Jobs.Syncs;
using Deploy.Modes.Binding;
using Deploy.Modes.Binding.Ini;

namespace Deploy.Modes.Agent.Ini;

/// <summary>Binds a jobs file: in any section, <c>name = command %s</c>; the names are one flat space.</summary>
internal static class JobsSections
{
    /// <summary>
    /// Every command by name. The same name in two sections is an error (which one the original ran was chance); twice in one section the last wins, with a
    /// warning. A line that cannot run is loaded disabled, with a warning.
    /// </summary>
    public static IReadOnlyDictionary<string, CommandEntry> Bind(IniDocument document, ConfigReport report)
    {
        var commands = new Dictionary<string, CommandEntry>(StringComparer.Ordinal);
        var places = new Dictionary<string, Position>(StringComparer.Ordinal);
        foreach (var section in document.Sections)
        {
            var binder = new SectionBinder(section.Name, section, report);
            foreach (string name in section.Keys)
            {
                if (binder.Kept(name) is not { } line)
                {
                    continue;
                }

                var place = section.Of(name)[^1].Key.Position;
                if (!places.TryAdd(name, place))
                {
                    report.Error(place, $"the job '{name}' is already at {places[name]}: names of jobs are one space, whatever the section");
                    continue;
                }

                if (name.AsSpan().IndexOfAny(',', '|') >= 0)
                {
                    report.Warn(place, $"the job '{name}' can never be ordered: a comma or a bar ends the name in an order");
                }

                var command = CommandEntry.Parse(name, line.Value);
                commands.Add(name, command);
                if (command.DisabledReason is { } reason)
                {
                    report.Warn(line.Position.Right(command.DisabledColumn - 1), $"the job '{name}' is disabled: {reason}");
                }
            }
        }

        return commands;
    }
}

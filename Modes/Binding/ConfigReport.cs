using Deploy.Config;

namespace Deploy.Modes.Binding;

/// <summary>Collects what is wrong while a configuration is bound, so that an operator sees all of it at once.</summary>
internal sealed class ConfigReport
{
    private readonly List<ConfigError> errors = [];
    private readonly List<ConfigWarning> warnings = [];

    /// <summary>In the order in which they were found; none means that the daemon may start.</summary>
    public IReadOnlyList<ConfigError> Errors => errors;

    public IReadOnlyList<ConfigWarning> Warnings => warnings;

    public void Error(Position position, string what) => errors.Add(new ConfigError(position, what));

    public void Errored(IEnumerable<ConfigError> found) => errors.AddRange(found);

    public void Warn(Position position, string what) => warnings.Add(new ConfigWarning(position, what));
}

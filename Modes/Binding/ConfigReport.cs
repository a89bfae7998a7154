using Deploy.Config;

namespace Deploy.Modes.Binding;

/// <summary>Collects what is wrong while a configuration is bound, so that an operator sees all of it at once.</summary>
internal sealed class ConfigReport
{
    private readonly List<ConfigError> errors = [];
    private readonly List<ConfigWarning> warnings = [];
    private readonly Dictionary<string, Position> places = new(StringComparer.Ordinal);

    /// <summary>True where a file could be read in part only: what is missing may be in the rest, and is no mistake of its own.</summary>
    public bool IsIncomplete { get; set; }

    /// <summary>File by file, from top to bottom; none means that the daemon may start.</summary>
    public IReadOnlyList<ConfigError> Errors => InOrder(errors, error => error.Position);

    /// <summary>As <see cref="Errors"/>.</summary>
    public IReadOnlyList<ConfigWarning> Warnings => InOrder(warnings, warning => warning.Position);

    /// <summary>Where each setting stands that a file sets, by <c>table.key</c> or, in INI files, <c>section.key</c>.</summary>
    public IReadOnlyDictionary<string, Position> Places => places;

    public void Error(Position position, string what) => errors.Add(new ConfigError(position, what));

    public void Errored(IEnumerable<ConfigError> found) => errors.AddRange(found);

    public void Warn(Position position, string what) => warnings.Add(new ConfigWarning(position, what));

    /// <summary>Remembers where a setting stands.</summary>
    public void Place(string name, Position position) => places[name] = position;

    private static List<T> InOrder<T>(IEnumerable<T> found, Func<T, Position> place) => found
        .GroupBy(item => place(item).File, StringComparer.Ordinal)
        .SelectMany(file => file.OrderBy(item => place(item).Line).ThenBy(item => place(item).Column))
        .ToList();
}

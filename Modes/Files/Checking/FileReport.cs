using Deploy.Config;

namespace Deploy.Modes.Files.Checking;

/// <summary>What checking one file came to.</summary>
/// <param name="Path">The file.</param>
/// <param name="Kind">What it is; null where it could not be told.</param>
/// <param name="Holds">What is in it, e.g. <c>3 sync groups, 2 commands</c>; empty where it could not be read.</param>
/// <param name="Errors">What keeps it from being used.</param>
/// <param name="Warnings">What an operator should know.</param>
internal sealed record FileReport(string Path, FileKind? Kind, string Holds, IReadOnlyList<ConfigError> Errors, IReadOnlyList<ConfigWarning> Warnings);

using Deploy.Model.Text;

namespace Deploy.Config;

/// <summary>Something in a configuration file that keeps the daemon from starting.</summary>
/// <param name="Position">Where.</param>
/// <param name="What">What is wrong and what was expected; one line. It may quote the file, so it is made safe when printed. Never a secret's value.</param>
internal sealed record ConfigError(Position Position, string What)
{
    /// <summary><c>file:line:column: what</c>, safe to print.</summary>
    public override string ToString() => SafeText.Of($"{Position}: {What}");
}

/// <summary>Something in a configuration file that an operator should know about, and that does not keep the daemon from starting.</summary>
/// <param name="Position">Where.</param>
/// <param name="What">As in <see cref="ConfigError.What"/>.</param>
internal sealed record ConfigWarning(Position Position, string What)
{
    /// <summary><c>file:line:column: what</c>, safe to print.</summary>
    public override string ToString() => SafeText.Of($"{Position}: {What}");
}

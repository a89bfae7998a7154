namespace Deploy.Model;

/// <summary>A secret string: prints as <c>[redacted]</c> wherever it is printed by mistake.</summary>
internal sealed class Secret(string value)
{
    /// <summary>The secret itself; for the one place that uses it.</summary>
    public string Reveal() => value;

    public override string ToString() => "[redacted]";
}

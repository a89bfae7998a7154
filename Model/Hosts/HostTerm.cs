namespace Deploy.Model.Hosts;

/// <summary>What a term does to the hosts that stand before it.</summary>
internal enum HostSign
{
    /// <summary>Its hosts come to them.</summary>
    Add,

    /// <summary><c>!</c>: its hosts leave.</summary>
    LeaveOut,

    /// <summary><c>&amp;</c>: what is not among its hosts leaves.</summary>
    Keep,
}

/// <summary>One term of a <see cref="HostExpression"/>: either a pattern or a reference.</summary>
/// <param name="Sign">What it does.</param>
/// <param name="Offset">Where it starts, its sign included; 0-based.</param>
/// <param name="Pattern">The hosts themselves; null for a reference.</param>
/// <param name="Reference">Where they stand; null for a pattern.</param>
internal sealed record HostTerm(HostSign Sign, int Offset, HostPattern? Pattern, HostReference? Reference);

using Deploy.Model;

namespace Deploy.Security.Operators;

/// <summary>What a key may do, on this host.</summary>
internal sealed record Rights
{
    /// <summary>Everything, as a line without options says.</summary>
    public static Rights All { get; } = new() { Orders = Enum.GetValues<Order>().ToHashSet(), AllowDelete = true };

    /// <summary>The orders it may give; none for a key that may read only.</summary>
    public required IReadOnlySet<Order> Orders { get; init; }

    /// <summary>Whether an order may raise the delete guard's limits, once.</summary>
    public bool AllowDelete { get; init; }

    /// <summary>Sync groups, <c>*</c> and <c>?</c> as in a shell; null is all, and what an order names itself (origin and target) too.</summary>
    public NamePatterns? Groups { get; init; }

    /// <summary>Commands, likewise; null is all.</summary>
    public NamePatterns? Commands { get; init; }

    /// <summary>The orders and allow-delete as they are written; <c>read</c> for none.</summary>
    public IReadOnlyList<string> Words => Orders.Count == 0 ? ["read"] : [.. Orders.Order().Select(order => order.Word()), .. AllowDelete ? ["allow-delete"] : Array.Empty<string>()];
}

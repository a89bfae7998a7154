using Deploy.Tui.Screen;

namespace Deploy.Tui.Loop;

/// <summary>Model, update and view of a dashboard: all of them pure.</summary>
/// <param name="Start">The model before the first message.</param>
/// <param name="Update">Takes a message in, and says what is to be done.</param>
/// <param name="Draw">The picture of a model.</param>
/// <param name="Wake">When a model wants <see cref="Message.Woke"/>; null for never.</param>
internal sealed record DashboardParts<TModel>(
    TModel Start,
    Func<TModel, Message, (TModel Model, IReadOnlyList<Effect> Effects)> Update,
    Func<TModel, Picture> Draw,
    Func<TModel, DateTimeOffset?> Wake)
{
    /// <summary>What is to be done before any message but the terminal's size.</summary>
    public IReadOnlyList<Effect> FirstEffects { get; init; } = [];
}

namespace Deploy.Tui.State;

/// <summary>What comes of a message: the model after it, and what is to be done.</summary>
/// <param name="Model">From now on.</param>
/// <param name="Effects">In this order.</param>
internal sealed record Step(TuiModel Model, IReadOnlyList<Effect> Effects)
{
    public static implicit operator Step(TuiModel model) => new(model, []);

    /// <summary>The model, and one thing to do.</summary>
    public static Step Of(TuiModel model, params Effect[] effects) => new(model, effects);

    /// <summary>Goes on with what came of this.</summary>
    public Step Then(Func<TuiModel, Step> next)
    {
        var step = next(Model);
        return step with { Effects = [.. Effects, .. step.Effects] };
    }
}

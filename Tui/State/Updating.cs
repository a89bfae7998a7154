using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Tui.Keys;


namespace Deploy.Tui.State;

/// <summary>The update of model, update, view: a message and the model give the next model and what is to be done. Pure.</summary>
internal static class Updating
{
    /// <summary>The model before the first message, and what is to be done first.</summary>
    public static Step Start(TuiSetup setup) => new TuiModel { Setup = setup };

    /// <summary>Takes one message in.</summary>
    public static Step Update(TuiModel model, Message message) => model with { Now = message.At };

    /// <summary>Shows a place, and asks for what it needs; where it was, esc leads back to.</summary>
    public static Step Go(TuiModel model, Place place) => model with { Place = place, Back = model.Back.Push(model.Place) };
}

/// <summary>The confirmation ladder: the one way by which anything that changes hosts or jobs leaves the dashboard.</summary>
internal static class Confirming
{
    /// <summary>Asks for a job; plans need no being armed and no question.</summary>
    /// <param name="model">The model.</param>
    /// <param name="wish">What.</param>
    /// <param name="warnings">What the operator should know before, a line each.</param>
    /// <param name="isAboveGuard">Whether some host deletes more than its guard allows.</param>
    public static Step Ask(TuiModel model, JobWish wish, IReadOnlyList<string> warnings, bool isAboveGuard = false) => model;

    /// <summary>Asks for something of a job.</summary>
    public static Step Ask(TuiModel model, JobId job, JobAct what, int hosts) => model;
}

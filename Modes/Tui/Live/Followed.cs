using Deploy.Model.Jobs;
using Deploy.Protocol.V1;

namespace Deploy.Modes.Tui.Live;

/// <summary>A daemon that the dashboard follows by one stream.</summary>
/// <param name="Name">What the dashboard calls it: the proxy's name, the agent's host.</param>
/// <param name="Client">Asks it.</param>
/// <param name="IsProxy">Whether it has hosts, rather than being one.</param>
internal sealed record Followed(string Name, V1Client Client, bool IsProxy)
{
    /// <summary>Why asking it again does not help, as <see cref="Deploy.Tui.Message.Lost"/> has it; null where it may.</summary>
    public static bool IsForGood(V1Failure failure) => failure.IsOtherKey || failure.Problem?.Type is ProblemTypes.Unauthenticated or ProblemTypes.NotAllowed or ProblemTypes.ClockSkew;

    /// <summary>A failure in one line, with the next step where there is one.</summary>
    public static string Line(Exception failure) => failure switch
    {
        V1Failure { Problem: { Hint: { } hint } problem } => $"{problem.Detail}; {hint}",
        V1Failure { Problem: { } problem } => problem.Detail,
        V1Failure own => own.Message,
        Model.UserError { Hint: { } hint } mistake => $"{mistake.Message}; {hint}",
        _ => Model.Text.SafeText.Of(failure.Message, 400),
    };
}

using Deploy.Model.Jobs;
using Deploy.Model.Text;

namespace Deploy.Jobs.Rollouts;

/// <summary>What is wrong with a rollout as it was asked for.</summary>
/// <param name="Member">The member of the document: <c>batches</c>.</param>
/// <param name="Text">What stands there.</param>
/// <param name="Expected">What should: <c>numbers or percentages that grow, e.g. 1,10%,100%</c>.</param>
internal sealed record RolloutMistake(string Member, string Text, string Expected)
{
    /// <summary>As the answer to a document.</summary>
    public Problem ToProblem() => new(ProblemTypes.Invalid, 422, "not a job that can be done", $"rollout.{Member}: {this}");

    /// <summary>Without the member: <c>'x' is not …</c>.</summary>
    public override string ToString() => $"'{SafeText.Of(Text, 64)}' is not {Expected}";
}

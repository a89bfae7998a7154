using Deploy.Model;
using Deploy.Model.Jobs;

namespace Deploy.Jobs.Remote.Legacy;

/// <summary>A job's order in the words of the original's wire, or why it has none there.</summary>
internal static class LegacyWords
{
    /// <summary>The options; null with a reason where that wire cannot say the order: what would be left out is what the asker relies on.</summary>
    public static string? Of(JobSpec spec, out string? refusal)
    {
        refusal = spec switch
        {
            { Keep: true } => "a plan that is kept",
            { Plan: not null } => "an order by a plan",
            { AllowDelete: not null } => "allow_delete",
            { Order: Order.Rsync, Rollout: { HealthCheck: not false } } => "a rollout with health checks (health_check = false leaves them out)",
            _ => null,
        };
        if (refusal is not null)
        {
            refusal = $"{refusal} is not known to the original's wire, which this host is asked by; upgrade its agent, and set wire = \"v1\"";
            return null;
        }

        string[] words = spec switch
        {
            { Order: Order.Exec } => [spec.Command!, .. spec.Arguments ?? []],
            { Group: { } group } => [group],
            _ => [spec.Origin!, spec.Target!],
        };
        if (words.FirstOrDefault(word => word.Contains(',', StringComparison.Ordinal)) is { } odd)
        {
            refusal = $"the original's wire, which this host is asked by, parts words by commas: '{Model.Text.SafeText.Of(odd, 64)}' has one in it";
            return null;
        }

        if (words.Skip(1).Any(word => word.Length == 0))
        {
            refusal = "the original's wire, which this host is asked by, drops an empty argument";
            return null;
        }

        return string.Join(',', words);
    }
}

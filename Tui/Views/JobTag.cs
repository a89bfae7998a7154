using Deploy.Model;

namespace Deploy.Tui.Views;

/// <summary>Ids of jobs, short: jobs of one day begin alike, so the end tells them apart.</summary>
internal static class JobTag
{
    /// <summary><c>01JD..8K2</c>.</summary>
    public static string Of(JobId job) => $"{job.ToString()[..4]}..{job.ToString()[^3..]}";

    /// <summary><c>j-8K2</c>, for a cell.</summary>
    public static string Short(JobId job) => $"j-{job.ToString()[^3..]}";
}

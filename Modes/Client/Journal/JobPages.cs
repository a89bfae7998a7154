using Deploy.Model;
using Deploy.Model.Jobs;

namespace Deploy.Modes.Client.Journal;

/// <summary>Lists of jobs and hosts, page after page; and jobs by a part of their id.</summary>
internal static class JobPages
{
    private const int MostSearched = 10_000; // as many as a store keeps, by default
    private const int LeastLetters = 4;

    /// <summary>All hosts of a job that stand there; null for a job that is not known.</summary>
    public static async Task<IReadOnlyList<HostStanding>?> HostsAsync(IJobs jobs, JobId id, IReadOnlyList<HostState> states, CancellationToken cancellationToken)
    {
        var all = new List<HostStanding>();
        string? cursor = null;
        do
        {
            if (await jobs.HostsAsync(id, states, cursor, cancellationToken).ConfigureAwait(false) is not { } page)
            {
                return null;
            }

            all.AddRange(page.Items);
            cursor = page.Cursor;
        }
        while (cursor is not null && all.Count <= Limits.Hosts);
        return all;
    }

    /// <summary>The newest jobs.</summary>
    public static async Task<IReadOnlyList<JobView>> JobsAsync(IJobs jobs, JobQuery query, int most, CancellationToken cancellationToken)
    {
        var all = new List<JobView>();
        string? cursor = null;
        do
        {
            var page = await jobs.ListAsync(query with { Cursor = cursor }, cancellationToken).ConfigureAwait(false);
            all.AddRange(page.Items);
            cursor = page.Cursor;
        }
        while (cursor is not null && all.Count < most);
        return all.Count > most ? all[..most] : all;
    }

    /// <summary>The job of an id, whole or the start or the end of it.</summary>
    /// <param name="place">As it is called, for messages.</param>
    /// <param name="jobs">Whose jobs.</param>
    /// <param name="text">In whatever case.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="UserError">There is none, or more than one.</exception>
    public static async Task<JobView> FindAsync(string place, IJobs jobs, string text, CancellationToken cancellationToken)
    {
        if (!JobId.TryParse(text, out var id))
        {
            if (text.Length < LeastLetters || !text.All(char.IsAsciiLetterOrDigit))
            {
                throw new UserError($"'{Model.Text.SafeText.Of(text, 40)}' is no id of a job", ExitCodes.Usage, $"it has 26 letters and digits; {LeastLetters} at its start or end do where one job alone has them");
            }

            var all = await JobsAsync(jobs, new JobQuery(), MostSearched, cancellationToken).ConfigureAwait(false);
            var known = all.Where(job => job.Id.ToString() is var whole && (whole.StartsWith(text, StringComparison.OrdinalIgnoreCase) || whole.EndsWith(text, StringComparison.OrdinalIgnoreCase))).ToList();
            id = known switch
            {
                [var one] => one.Id,
                [] => throw Unknown(),
                _ => throw new UserError($"'{text}' is the start or the end of {known.Count} jobs: {string.Join(", ", known.Take(3).Select(job => job.Id))}{(known.Count > 3 ? ", …" : string.Empty)}", ExitCodes.Usage, "give more letters"),
            };
        }

        return await jobs.FindAsync(id, cancellationToken).ConfigureAwait(false) ?? throw Unknown();

        UserError Unknown() => new($"job {Model.Text.SafeText.Of(text, 40)} is not known at {place}", ExitCodes.Failed, "deploy client jobs lists those that are known; status and rlist are forgotten soon; a proxy's are found with --via");
    }
}

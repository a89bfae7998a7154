using Deploy.Model;
using Deploy.Model.Jobs;

namespace Deploy.Modes.Client.Journal;

/// <summary>Lists of jobs and hosts, page after page; and jobs by a part of their id.</summary>
internal static class JobPages
{
    private const int MostSearched = 10_000; // as many as a store keeps, by default
    private const int LeastLetters = 4;

    /// <summary>The longest list of jobs that is fetched: ten times what a store keeps. A proxy that lies could give new ones for ever.</summary>
    public const int MostListed = 100_000; // ours

    /// <summary>All hosts of a job that stand there; null for a job that is not known.</summary>
    public static Task<IReadOnlyList<HostStanding>?> HostsAsync(IJobs jobs, JobId id, IReadOnlyList<HostState> states, CancellationToken cancellationToken) =>
        AllAsync(cursor => jobs.HostsAsync(id, states, cursor, cancellationToken), host => host.Host, Limits.Hosts + 1);

    /// <summary>The newest jobs.</summary>
    public static async Task<IReadOnlyList<JobView>> JobsAsync(IJobs jobs, JobQuery query, int most, CancellationToken cancellationToken)
    {
        var all = (await AllAsync(async Task<Page<JobView>?> (cursor) => await jobs.ListAsync(query with { Cursor = cursor }, cancellationToken).ConfigureAwait(false), job => job.Id.ToString(), most).ConfigureAwait(false))!;
        return all.Count > most ? [.. all.Take(most)] : all;
    }

    /// <summary>Page after page, until there are so many. One that has nothing new is the last, whatever its cursor says: a daemon that lies must not be asked for ever.</summary>
    /// <param name="next">The page at a cursor; null for what is not known.</param>
    /// <param name="nameOf">What tells one from another.</param>
    /// <param name="most">Enough; a page more may come.</param>
    public static async Task<IReadOnlyList<T>?> AllAsync<T>(Func<string?, Task<Page<T>?>> next, Func<T, string> nameOf, int most)
    {
        var all = new List<T>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        string? cursor = null;
        bool isNew;
        do
        {
            if (await next(cursor).ConfigureAwait(false) is not { } page)
            {
                return null;
            }

            int before = names.Count;
            names.UnionWith(page.Items.Select(nameOf));
            isNew = names.Count > before;
            all.AddRange(page.Items);
            cursor = page.Cursor;
        }
        while (cursor is not null && isNew && all.Count < most);
        return all;
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

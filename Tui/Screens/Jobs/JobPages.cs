using Deploy.Model.Jobs;
using Deploy.Tui.State;

namespace Deploy.Tui.Screens.Jobs;

/// <summary>How far back the jobs were read: a page is asked for where the cursor comes to the end of those that are known.</summary>
internal sealed record JobPages
{
    /// <summary>Pages that are read by themselves because a filter leaves too few rows. // ours: some thousand jobs; the rest is asked for by the cursor</summary>
    private const int MostByItself = 20;

    /// <summary>The question that is under way; null for none.</summary>
    public JobQuery? Asked { get; init; }

    /// <summary>For the next page; null before the first, and where there are no older ones.</summary>
    public string? Cursor { get; init; }

    /// <summary>Whether the oldest that there is was read.</summary>
    public bool IsEnd { get; init; }

    /// <summary>Whether a page was read at all.</summary>
    public bool IsRead { get; init; }

    /// <summary>Why the last question was not answered; null for none.</summary>
    public string? Trouble { get; init; }

    public int Pages { get; init; }

    /// <summary>Asks for the newest.</summary>
    public (JobPages Pages, Effect.ReadJobs Question) First()
    {
        var query = new JobQuery();
        return (this with { Asked = query, Trouble = null }, new Effect.ReadJobs(query));
    }

    /// <summary>Asks for the next page; null where there is none, or one is under way.</summary>
    public (JobPages Pages, Effect.ReadJobs Question)? Next()
    {
        if (Asked is not null || Cursor is null || IsEnd)
        {
            return null;
        }

        var query = new JobQuery { Cursor = Cursor };
        return (this with { Asked = query, Trouble = null }, new Effect.ReadJobs(query));
    }

    /// <summary>Whether one more is read though nobody moved: the screen is not full.</summary>
    public bool ReadsOn(int rows, int shown) => rows < shown && Pages < MostByItself;

    /// <summary>Takes an answer in; itself where it is none of its own.</summary>
    public JobPages Hear(Message message) => message switch
    {
        Message.JobsTold { Of: { } of } told when of.Query == Asked => this with
        {
            Asked = null,
            IsRead = true,
            Pages = Pages + 1,

            // The newest page read again says nothing of how far back was read.
            Cursor = of.Query.Cursor is null && Cursor is not null ? Cursor : told.Cursor,
            IsEnd = IsEnd || told.Cursor is null,
        },
        Message.Unanswered { Of: Effect.ReadJobs of } told when of.Query == Asked => this with { Asked = null, Trouble = told.Why },
        _ => this,
    };
}

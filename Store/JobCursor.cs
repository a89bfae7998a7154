using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Deploy.Model;

namespace Deploy.Store;

/// <summary>The last job of a page: the next page has those that were accepted before it, of one moment those of smaller ids. As text <c>TICKS-ID</c>, UTC.</summary>
internal sealed record JobCursor(DateTimeOffset Accepted, JobId Id)
{
    public static bool TryParse(string text, [NotNullWhen(true)] out JobCursor? cursor)
    {
        int dash = text.IndexOf('-', StringComparison.Ordinal);
        cursor = dash > 0 && JobId.TryParse(text.AsSpan(dash + 1), out var id)
            && long.TryParse(text.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture, out long ticks) && ticks <= DateTime.MaxValue.Ticks
            ? new JobCursor(new DateTimeOffset(ticks, TimeSpan.Zero), id)
            : null;
        return cursor is not null;
    }

    /// <summary>True for a job of the pages to come.</summary>
    public bool IsBefore(DateTimeOffset accepted, JobId id) =>
        accepted < Accepted || (accepted == Accepted && string.CompareOrdinal(id.ToString(), Id.ToString()) < 0);

    public override string ToString() => $"{Accepted.UtcTicks.ToString(CultureInfo.InvariantCulture)}-{Id}";
}

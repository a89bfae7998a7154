using System.Collections.Immutable;
using System.Globalization;
using Deploy.Model.Hosts;
using Deploy.Model.Jobs;
using Deploy.Tui.Filters;
using Deploy.Tui.State;

namespace Deploy.Tui.Screens.Audit;

/// <summary>The records of an audit log, filtered and sorted. Made when something changes, not when it is drawn.</summary>
internal sealed class AuditRows
{
    /// <summary>By what records can be sorted.</summary>
    public static readonly IReadOnlyList<string> Columns = ["time", "result", "who", "what"];

    private static readonly IReadOnlyList<FilterField<AuditRecord>> Fields =
    [
        FilterField<AuditRecord>.Text("text", record => $"{record.What} {record.Subject} {record.Who} {record.Hosts} {record.Refusal} {record.Reason} {record.Job}"),
        FilterField<AuditRecord>.Word("state", record => record.Refusal is null ? "accepted" : "refused", ["accepted", "refused"]),
        FilterField<AuditRecord>.Text("by", record => record.Who),
        FilterField<AuditRecord>.Word("what", record => record.What),
        FilterField<AuditRecord>.Text("subject", record => record.Subject),
        new("host", "web-001", (comparison, piece) => comparison is FilterComparison.None or FilterComparison.Equal ? record => Has(record.Hosts, piece) : null),
        FilterField<AuditRecord>.Text("job", record => record.Job?.ToString()),
        FilterField<AuditRecord>.Text("peer", record => record.Peer),
        FilterField<AuditRecord>.Text("key", record => record.Key),
        FilterField<AuditRecord>.Text("why", record => $"{record.Refusal} {record.Reason}"),
    ];

    private readonly ImmutableList<AuditRecord> records;
    private readonly (string Filter, string? Sort, bool IsDescending, bool ProblemsFirst, long Minute) how;

    private AuditRows(ImmutableList<AuditRecord> records, (string, string?, bool, bool, long) how, IReadOnlyList<AuditRecord> rows) =>
        (this.records, this.how, Rows, Keys) = (records, how, rows, [.. rows.Select(record => record.Seq.ToString(CultureInfo.InvariantCulture))]);

    public IReadOnlyList<AuditRecord> Rows { get; }

    /// <summary>Their numbers.</summary>
    public IReadOnlyList<string> Keys { get; }

    /// <summary>The rows; those of the pane, where nothing has changed since they were made.</summary>
    public static AuditRows Of(TuiModel model)
    {
        var (pane, list) = (model.Audit, model.Audit.List);
        long minute = list.Filter.Contains("since:", StringComparison.Ordinal) ? (long)(model.Now - DateTimeOffset.UnixEpoch).TotalMinutes : 0;
        var how = (list.Filter, list.Sort, list.IsDescending, list.ProblemsFirst, minute);
        if (pane.Rows is { } before && before.records == pane.Records && before.how == how)
        {
            return before;
        }

        var filter = Read(list.Filter, model.Now).Filter ?? Filter<AuditRecord>.None;
        IEnumerable<AuditRecord> rows = filter.IsNone ? pane.Records : pane.Records.Where(filter.Lets);
        rows = list.Sort switch
        {
            null => rows,
            "result" => By(record => record.Refusal is null),
            "who" => By(record => record.Who ?? string.Empty),
            "what" => By(record => $"{record.What} {record.Subject}"),
            _ => By(record => record.Time),
        };
        return new AuditRows(pane.Records, how, [.. list.ProblemsFirst ? rows.ToList().OrderBy(record => record.Refusal is null) : rows]);

        IEnumerable<AuditRecord> By<T>(Func<AuditRecord, T> key) => list.IsDescending ? rows.OrderByDescending(key) : rows.OrderBy(key);
    }

    /// <summary>Reads a filter of records.</summary>
    public static FilterReading<AuditRecord> Read(string filter, DateTimeOffset now) => Filter<AuditRecord>.Parse(filter, FieldsAt(now));

    /// <summary>What a filter may ask for; <c>since:2h</c> is of those that are no older.</summary>
    public static IReadOnlyList<FilterField<AuditRecord>> FieldsAt(DateTimeOffset now)
    {
        var age = FilterField<AuditRecord>.Age("since", record => now - record.Time);
        return [.. Fields, new("since", "2h", (comparison, text) => age.Read(comparison == FilterComparison.None ? FilterComparison.AtMost : comparison, text))];
    }

    private static bool Has(string? folded, string piece) =>
        folded is not null && (folded.Contains(piece, StringComparison.OrdinalIgnoreCase) || (FrozenHosts.TryParse(folded, out var hosts, out _) && hosts.Contains(piece)));
}

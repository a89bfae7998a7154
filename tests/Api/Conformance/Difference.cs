using Deploy.Tests.Architecture;

namespace Deploy.Tests.Api.Conformance;

/// <summary>Where the agent answers otherwise than recorded, on purpose. What it answers is in <c>Differences.verified.txt</c>.</summary>
/// <param name="Row">The row of docs/legacy.md, "Differences", by its first cell.</param>
/// <param name="Fields">What may differ there, as <see cref="Comparison"/> names it; <c>all</c> for anything.</param>
/// <param name="Recordings">Which.</param>
internal sealed record Difference(string Row, string Fields, string[] Recordings)
{
    private const string Count = "transferFilesCount", Size = "transferFilesSize", News = "transferNewFiles", Deleted = "transferDeleteFiles";
    private const string RsyncSince31 = "counts and sizes with rsync 3.1 and later";

    public static IReadOnlyList<Difference> All { get; } =
    [
        new(RsyncSince31, $"{Count} {Size}",
        [
            "plain_status_new", "plain_rlist_new", "plain_status_changes", "plain_rlist_changes", "plain_status_directopts", "plain_status_pipeopts", "plain_status_many", "plain_rlist_many",
            "plain_status_excl", "plain_rlist_excl", "raw_three_opts",
        ]),
        new(RsyncSince31, Count, // sizes below 1,000 and those of --no-human-readable were right
        [
            "plain_status_spaces", "plain_rlist_spaces", "plain_status_utf8", "plain_rlist_utf8", "plain_status_newline", "plain_rlist_newline", "plain_status_quote", "plain_rlist_quote",
            "plain_status_deep", "plain_rlist_deep", "plain_status_nohuman", "plain_rlist_nohuman", "plain_status_noperm", "plain_rlist_noperm",
        ]),
        new("names with quotes, backslashes, control characters", $"json {News}", ["plain_rlist_newline", "plain_rlist_quote"]),
        new("a file named like a line of rsync, `deleting x`", $"{Deleted} {News}", ["plain_rlist_quote"]),
        new("lines like `skipping non-regular file` in rlist", News, ["plain_rlist_motd"]),
        new("`--itemize-changes` in a group's options", News, ["plain_rlist_noperm"]),
        new("`rsync://` origins in INI files", "all", ["plain_status_E_url", "plain_rlist_E_url", "plain_rsync_E_url"]),
        new("what could not start", "content", ["plain_status_E_badrsync", "plain_rlist_E_badrsync", "raw_job_nosuch"]),
        new("what could not start", "content return checksum", ["plain_rsync_E_badrsync"]),
        new("rkill of a group that is unknown or not allowed", "answer", ["plain_rkill_E_notallowed", "plain_rkill_E_nosrc", "plain_rkill_E_nosuchgroup", "plain_rkill_E_empty"]),
        new("`allow::paths`", "status header json",
            ["plain_status_E_dotdot", "plain_rlist_E_dotdot", "plain_rsync_E_dotdot", "plain_rkill_E_dotdot", "raw_path_regex", "raw_path_dotdot"]),
        new("CIDR", "status header text", ["raw_cidr_bcast"]),
        new("a request that is not HTTP, or incomplete", "answer", ["raw_garbage", "raw_empty_close", "raw_idle", "raw_who_plain"]),
        new("a request that is not HTTP, or incomplete", "status header", ["raw_garbage2", "raw_http09"]),
        new("a POST without a Content-Length, or with one that is no number", "status header", ["raw_no_cl", "raw_bad_cl"]),
        new("a POST without a Content-Length, or with one that is no number", "answer", ["raw_neg_cl"]),
        new("body shorter than Content-Length", "answer", ["raw_cl_toolong_hc", "raw_cl_toolong"]),
        new("`GET` without `?`", "answer", ["raw_get_noquery"]),
        new("a header that holds `HTTP/1.1`", "status header text", ["raw_dup_headers"]),
        new("a header that holds `HTTP/1.1`", "answer", ["raw_req_in_header"]),
        new("order, job and group names", "answer", ["raw_order_regex", "raw_order_dots", "raw_order_badre", "raw_job_badre"]),
        new("order, job and group names", "status header json", ["raw_job_regex", "raw_job_regex2"]),
        new("`100%` or `%d` in a command line", "command content", ["raw_job_pct"]),
        new("`100%` or `%d` in a command line", "command content return", ["raw_job_date"]),
        new("a command that a signal ended", "content", ["raw_job_killself"]),
        new("exec arguments", "content", ["raw_job_meta", "raw_job_nl", "raw_job_bs"]),
        new("exec commands", "content return", ["raw_job_bg"]),
        new("exec commands", "command content return", ["raw_job_big"]),
        new("a preview of a target whose parent is missing", $"alreadyRsync return content {Count} {Size}", ["raw_opt_inj_src"]),
        new("origin in a request", "status header json", ["raw_opt_inj_opt", "raw_localdest"]),
    ];

    /// <summary>The rows of docs/legacy.md, by their first cells.</summary>
    public static IReadOnlyList<string> Rows() =>
    [
        .. File.ReadLines(Path.Combine(SourceTree.Root, "docs/legacy.md")).SkipWhile(line => !line.StartsWith("## Differences", StringComparison.Ordinal))
            .Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Select(line => line.Split(" | ")[0][2..]),
    ];

    /// <summary>Those of one recording.</summary>
    public static IReadOnlyList<Difference> Of(string recording) => [.. All.Where(difference => difference.Recordings.Contains(recording))];

    public bool Covers(string field) => Fields == "all" || Fields.Split(' ').Contains(field);
}

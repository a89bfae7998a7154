namespace Deploy.Tests.Api.Conformance.Proxy;

/// <summary>Where the proxy answers otherwise than recorded, on purpose. What it answers is in <c>ProxyDifferences.verified.txt</c>.</summary>
internal static class ProxyDifference
{
    public static IReadOnlyList<Difference> All { get; } =
    [
        new("proxy: a host that stands twice in an order", "asked", ["proxy_exec_dup"]),
        new("proxy: what one of our agents says of its job", "body",
            ["proxy_mixed_failures", "proxy_mixed_failures_default", "raw_px_get_query", "raw_px_nokey_needed", "raw_px_target_api", "raw_px_urlstyle2"]),
        new("proxy: blanks in options through a proxy", "hop", ["proxy_exec_spaces"]),
        new("proxy: capitals in a group's name", "status body", ["proxy_upper_group"]),
        new("proxy: one agent whose answer is not JSON", "status body", ["proxy_agent_nojson"]),
        new("proxy: hosts of an order", "answer", ["proxy_host_regex", "raw_px_badre_host"]),
        new("proxy: hosts of an order", "status body", ["raw_px_host_re_any"]),
        new("proxy: an empty list of hosts or groups", "status body", ["proxy_empty_hosts", "proxy_empty_groups"]),
        new("proxy: a group without hosts", "status body", ["proxy_group_nohosts"]),
        new("order, job and group names", "status body", ["raw_px_order_regex"]),
        new("`GET` without `?`", "answer", ["raw_px_urlstyle"]),
        new("rkill of a group that is unknown or not allowed", "body", ["raw_px_rkill_bad"]),
    ];

    /// <summary>Those of one recording.</summary>
    public static IReadOnlyList<Difference> Of(string recording) => [.. All.Where(difference => difference.Recordings.Contains(recording))];
}

using System.Security.Cryptography;
using System.Text;
using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Store;
using Deploy.Tests.Fixtures;

namespace Deploy.Tests.Store;

/// <summary>Jobs, hosts and shapes to keep.</summary>
internal static class Samples
{
    public static readonly DateTimeOffset Start = new DateTimeOffset(2026, 5, 4, 10, 0, 0, TimeSpan.Zero).AddTicks(1234567);

    public static JobStore Open(string? path, StoreSettings? settings = null, TimeProvider? time = null, ListLog? log = null) =>
        JobStore.Open(path, settings ?? new StoreSettings(), time ?? TimeProvider.System, log ?? new ListLog());

    public static StoredJob Job(DateTimeOffset? accepted = null, Order order = Order.Rsync) => new()
    {
        Id = JobId.New(accepted ?? Start),
        Document = Encoding.UTF8.GetBytes($$"""{"order":"{{order.Word()}}","reason":"é\u0000"}"""),
        Order = order,
        What = "site",
        Wire = "v1",
        Asker = new Asker("127.0.0.1:4000", "ann@desk", "web-1"),
        Accepted = accepted ?? Start,
        NotAfter = (accepted ?? Start).AddHours(1),
    };

    public static string[] Hosts(int count) => [.. Enumerable.Range(1, count).Select(number => $"web-{number:000}")];

    public static HostStanding Ended(string host, HostState state = HostState.Ok, long rev = 3) => new()
    {
        Host = host,
        State = state,
        Rev = rev,
        Reason = "because",
        Cause = Reasons.Guard,
        Warning = "mind",
        Batch = 2,
        Started = Start.AddSeconds(1),
        Ended = Start.AddSeconds(2),
        ExitCode = 23,
        Totals = new SyncTotals { New = 1, Changed = 2, Deleted = 3, Bytes = 4_000_000_000 },
    };

    public static (string Digest, ShapeContent Content) Changes(string text) => Changes(Encoding.UTF8.GetBytes(text));

    public static (string Digest, ShapeContent Content) Changes(byte[] bytes) => (Convert.ToHexStringLower(SHA256.HashData(bytes)), new ShapeContent(ShapeKind.Changes, bytes));

    /// <summary>Equal in all, the document by its bytes.</summary>
    public static void Same(StoredJob expected, StoredJob? found)
    {
        Xunit.Assert.NotNull(found);
        Xunit.Assert.Equal(expected.Document.ToArray(), found.Document.ToArray());
        Xunit.Assert.Equal(expected with { Document = default }, found with { Document = default });
    }
}

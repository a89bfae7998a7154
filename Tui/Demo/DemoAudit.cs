using System.Globalization;
using Deploy.Model;
using Deploy.Model.Jobs;

namespace Deploy.Tui.Demo;

/// <summary>The made-up audit log.</summary>
internal sealed class DemoAudit(DemoChance chance)
{
    /// <summary>Who sits at the dashboard.</summary>
    public const string You = "you@demo";

    /// <summary>Records of a page.</summary>
    private const int PageLength = 100;

    private const int HostsLetters = 200;

    private readonly List<AuditRecord> records = []; // oldest first

    public int Count => records.Count;

    /// <summary>A job was asked for.</summary>
    public void Add(DemoJob job) => Add(job.Accepted, new AuditRecord
    {
        Seq = 0,
        Time = job.Accepted,
        What = job.Spec.Order.Word(),
        Subject = job.Spec.What,
        Hosts = Cut(job.Spec.Hosts),
        Job = job.Id,
        Who = job.Spec.By,
        Reason = job.Spec.Reason,
    });

    /// <summary>Something was asked of a job.</summary>
    public void Add(DemoJob job, JobAct what, string who, DateTimeOffset at) => Add(at, new AuditRecord { Seq = 0, Time = at, What = what.ToString().ToLowerInvariant(), Subject = job.Spec.What, Hosts = Cut(job.Spec.Hosts), Job = job.Id, Who = who });

    /// <summary>Something was refused.</summary>
    public void Refuse(string what, string? subject, string? who, string why, DateTimeOffset at) => Add(at, new AuditRecord { Seq = 0, Time = at, What = what, Subject = subject, Who = who, Refusal = why });

    /// <summary>Something was asked that is no job of this fleet any more.</summary>
    public void Note(string what, string subject, string who, DateTimeOffset at) => Add(at, new AuditRecord { Seq = 0, Time = at, What = what, Subject = subject, Who = who });

    /// <summary>Puts what was told of the past in its order.</summary>
    public void Settle()
    {
        var sorted = records.OrderBy(record => record.Time).Select((record, place) => record with { Seq = place + 1 }).ToList();
        records.Clear();
        records.AddRange(sorted);
    }

    /// <summary>A page, newest first.</summary>
    /// <param name="cursor">Behind which number; null is from the newest on, what is none is so too.</param>
    public (IReadOnlyList<AuditRecord> Records, string? Cursor) Page(string? cursor)
    {
        int end = cursor is not null && int.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out int seq) ? Math.Clamp(seq - 1, 0, records.Count) : records.Count;
        int begin = Math.Max(0, end - PageLength);
        return ([.. records[begin..end].AsEnumerable().Reverse()], begin > 0 ? (begin + 1).ToString(CultureInfo.InvariantCulture) : null);
    }

    /// <summary>From where somebody asks.</summary>
    public static string PeerOf(string who) => who == You ? "127.0.0.1:50312" : who.StartsWith("ci", StringComparison.Ordinal) ? "10.9.0.7:41822" : "10.9.0.31:55104";

    /// <summary>The fingerprint of somebody's key.</summary>
    public static string KeyOf(DemoChance chance, string who) => "SHA256:" + chance.Hex("key of " + who) + chance.Hex("more of " + who);

    private void Add(DateTimeOffset at, AuditRecord record) => records.Add(record with
    {
        Seq = records.Count + 1,
        Time = at,
        Key = record.Who is { } who ? KeyOf(chance, who) : null,
        Peer = PeerOf(record.Who ?? "somebody"),
    });

    private static string Cut(string hosts) => hosts.Length <= HostsLetters ? hosts : hosts[..HostsLetters] + "...";
}

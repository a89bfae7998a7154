using Deploy.Model;
using Deploy.Model.Hosts;
using Deploy.Model.Jobs;

namespace Deploy.Jobs.Engine.Telling;

/// <summary>The shapes of a job that are known, and what is held of their contents: all of a job that is in memory alone; of one that is kept the small ones, for those who ask at once.</summary>
internal sealed class JobContents
{
    /// <summary>A content of at most so many bytes goes with its host's event. // jobs.md: 8 KiB</summary>
    public const int Small = 8 * 1024;

    /// <summary>Bytes of small contents that are held of a job that is kept: a proxy's thousand jobs are 64 MiB at worst, and seldom any of it.</summary>
    private const int MostHeld = 64 * 1024;

    private readonly HashSet<string> known = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ShapeContent> contents = new(StringComparer.Ordinal);
    private readonly Dictionary<int, IReadOnlyList<LogLine>> logs = [];

    /// <summary>Bytes of all that is held.</summary>
    public long Bytes { get; private set; }

    public bool Has(string digest) => known.Contains(digest);

    /// <summary>Takes a shape; true where it is new, so that its content is to be kept.</summary>
    public bool Claim(string digest) => known.Add(digest);

    /// <summary>Holds a content.</summary>
    /// <param name="digest">Its name.</param>
    /// <param name="content">It.</param>
    /// <param name="kept">It is in the store.</param>
    public void Hold(string digest, ShapeContent content, bool kept)
    {
        if ((!kept || (content.Bytes.Length <= Small && Bytes + content.Bytes.Length <= MostHeld)) && contents.TryAdd(digest, content))
        {
            Bytes += content.Bytes.Length;
        }
    }

    /// <summary>Holds what a host printed.</summary>
    public void Hold(int place, IReadOnlyList<LogLine> log)
    {
        if (log.Count > 0)
        {
            logs[place] = log;
            Bytes += log.Sum(line => (long)line.Text.Length * 2);
        }
    }

    /// <summary>Null where it is not held.</summary>
    public ShapeContent? Find(string? digest) => digest is not null && contents.TryGetValue(digest, out var content) ? content : null;

    /// <summary>Empty where nothing is held.</summary>
    public IReadOnlyList<LogLine> Log(int place) => logs.GetValueOrDefault(place) ?? [];

    /// <summary>The shapes of a job in memory, largest first.</summary>
    public static IReadOnlyList<Shape> Shapes(LiveJob job) =>
    [
        .. Enumerable.Range(0, job.Hosts.Count).Select(place => job[place]).Where(standing => standing.Shape is not null).GroupBy(standing => standing.Shape!, StringComparer.Ordinal)
            .Select(shape => (First: shape.First(), Count: shape.Count(), Hosts: HostFold.Fold(shape.Select(standing => standing.Host))))
            .OrderByDescending(shape => shape.Count).ThenBy(shape => shape.First.Shape, StringComparer.Ordinal)
            .Select(shape => new Shape
            {
                Digest = shape.First.Shape!,
                Kind = job.Stored.Order == Order.Exec ? ShapeKind.Output : ShapeKind.Changes,
                Hosts = shape.Hosts,
                HostCount = shape.Count,
                Totals = shape.First.Totals,
                ExitCode = job.Stored.Order == Order.Exec ? shape.First.ExitCode : null,
            }),
    ];
}

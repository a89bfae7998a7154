using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Model.Jobs.Json;

namespace Deploy.Protocol.V1;

/// <summary>What is asked and changes nothing.</summary>
internal sealed partial class V1Client
{
    public async Task<JobView?> FindAsync(JobId id, CancellationToken cancellationToken) =>
        await GetAsync($"{Root}/{id}", V1PeerJson.Default.JobView, cancellationToken).ConfigureAwait(false) is { } view ? Of(id, view) : null;

    public async Task<Page<JobView>> ListAsync(JobQuery query, CancellationToken cancellationToken)
    {
        string path = Root + Query(
            ("state", query.State?.Word()),
            ("order", query.Order?.Word()),
            ("host", query.Host),
            ("since", query.Since?.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)),
            ("cursor", query.Cursor));
        return await GetAsync(path, V1PeerJson.Default.PageJobView, cancellationToken).ConfigureAwait(false) ?? throw Missing();
    }

    public Task<Page<HostStanding>?> HostsAsync(JobId id, IReadOnlyList<HostState> states, string? cursor, CancellationToken cancellationToken)
    {
        string? words = states.Count == 0 ? null : string.Join(',', states.Select(state => state.Word()));
        return GetAsync($"{Root}/{id}/hosts{Query(("state", words), ("cursor", cursor))}", V1PeerJson.Default.PageHostStanding, cancellationToken);
    }

    public Task<IReadOnlyList<Shape>?> ShapesAsync(JobId id, CancellationToken cancellationToken) => GetAsync($"{Root}/{id}/shapes", V1PeerJson.Default.IReadOnlyListShape, cancellationToken);

    /// <summary>The content of a shape; its digest is that of these bytes, or it is not given.</summary>
    /// <exception cref="V1Failure">On the way; or the bytes are others than the digest says: <see cref="V1Fault.Broken"/>.</exception>
    public async Task<ShapeContent?> ShapeAsync(JobId id, string digest, CancellationToken cancellationToken)
    {
        var request = new V1Request(HttpMethod.Get, $"{Root}/{id}/shapes/{Uri.EscapeDataString(digest)}") { Accept = V1Names.Bytes };
        using var answer = await SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (!await IsThereAsync(answer, cancellationToken).ConfigureAwait(false))
        {
            return null;
        }

        byte[] bytes = await answer.BytesAsync(V1Limits.ShapeBytes, cancellationToken).ConfigureAwait(false);
        if (!IsOf(digest, bytes))
        {
            throw new V1Failure(V1Fault.Broken, peer, "what it gives as the content of a shape is another one than the digest says");
        }

        return new ShapeContent(KindOf(bytes), bytes);
    }

    /// <summary>Whether a digest is that of these bytes.</summary>
    public static bool IsOf(string digest, ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes)) == digest;

    public async Task<IReadOnlyList<LogLine>?> LogAsync(JobId id, string host, CancellationToken cancellationToken)
    {
        var request = new V1Request(HttpMethod.Get, $"{Root}/{id}/hosts/{Uri.EscapeDataString(host)}/log") { Accept = V1Names.Lines };
        using var answer = await SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (!await IsThereAsync(answer, cancellationToken).ConfigureAwait(false))
        {
            return null;
        }

        var log = new List<LogLine>();
        await foreach (var line in answer.LinesAsync(V1PeerJson.Default.LogLine, null, cancellationToken).ConfigureAwait(false))
        {
            log.Add(line);
            if (log.Count > V1Limits.LogLines || answer.BytesRead > V1Limits.DocumentBytes)
            {
                throw new V1Failure(V1Fault.Broken, peer, "its log is longer than any log is");
            }
        }

        return log;
    }

    /// <summary>What the daemon tells of itself.</summary>
    public async Task<DaemonSelf> SelfAsync(CancellationToken cancellationToken) => await GetAsync("/v1/self", V1PeerJson.Default.DaemonSelf, cancellationToken).ConfigureAwait(false) ?? throw Missing();

    /// <summary>A proxy's host groups.</summary>
    public async Task<IReadOnlyList<GroupFacts>> GroupsAsync(CancellationToken cancellationToken) =>
        await GetAsync("/v1/groups", V1PeerJson.Default.IReadOnlyListGroupFacts, cancellationToken).ConfigureAwait(false) ?? throw Missing();

    /// <summary>What a daemon knows of its hosts.</summary>
    /// <param name="cursor">From the page before; null is the first.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<Page<HostFacts>> KnownHostsAsync(string? cursor, CancellationToken cancellationToken) =>
        await GetAsync("/v1/hosts" + Query(("cursor", cursor)), V1PeerJson.Default.PageHostFacts, cancellationToken).ConfigureAwait(false) ?? throw Missing();

    /// <summary>Records of a daemon's audit log, newest first.</summary>
    /// <param name="cursor">From the page before; null is the newest.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<Page<AuditRecord>> AuditAsync(string? cursor, CancellationToken cancellationToken) =>
        await GetAsync("/v1/audit" + Query(("cursor", cursor)), V1PeerJson.Default.PageAuditRecord, cancellationToken).ConfigureAwait(false) ?? throw Missing();

    public async Task<IReadOnlyList<Lease>> LeasesAsync(CancellationToken cancellationToken) =>
        await GetAsync("/v1/leases", V1PeerJson.Default.IReadOnlyListLease, cancellationToken).ConfigureAwait(false) ?? throw Missing();

    public async Task<Problem?> StealAsync(string what, string reason, Asker asker, CancellationToken cancellationToken)
    {
        byte[] body = JsonSerializer.SerializeToUtf8Bytes(new LeaseTheft(what, reason), V1Json.Default.LeaseTheft);
        using var answer = await SendAsync(new V1Request(HttpMethod.Post, "/v1/leases/steal") { Body = body, By = asker.By }, cancellationToken).ConfigureAwait(false);
        return answer.Status is >= 200 and < 300 ? null : await answer.ProblemAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Only an output begins with how the command ended; see <see cref="ShapeContent"/>.</summary>
    private static ShapeKind KindOf(ReadOnlySpan<byte> bytes) => bytes.StartsWith("exit "u8) ? ShapeKind.Output : ShapeKind.Changes;

    private V1Failure Missing() => new(V1Fault.Broken, peer, "it has no such list; is it a version of deploy without v1?");
}

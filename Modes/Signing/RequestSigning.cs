using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Protocol.V1;
using Deploy.Security.Callers;
using Deploy.Security.Keys;
using Deploy.Security.Signatures;

namespace Deploy.Modes.Signing;

/// <summary>Signs what a client or a proxy asks: orders for as long as they may start, cancellations for an hour, since both may wait in a proxy, all else for a minute.</summary>
/// <param name="signer">Opens the key when it is needed first.</param>
/// <param name="readTag">An operator's reads, or a proxy's.</param>
/// <param name="time">The clock.</param>
internal sealed class RequestSigning(Func<CancellationToken, Task<ISigner>> signer, string readTag, TimeProvider time)
{
    private const string Jobs = "/v1/jobs";
    private const string Cancel = "/cancel";

    /// <summary>How long an order that nothing is said of may start. // jobs.md: one hour</summary>
    private static readonly TimeSpan OrderLife = TimeSpan.FromHours(1);

    /// <summary>The same of status and rlist, whose ids an agent has in memory until then.</summary>
    private static readonly TimeSpan GlanceLife = TimeSpan.FromMinutes(10);

    private readonly Lock gate = new();
    private Task<ISigner>? opened;

    /// <summary>The key, opened once; after a failure again.</summary>
    /// <exception cref="UserError">There is none that can sign.</exception>
    public Task<ISigner> SignerAsync(CancellationToken cancellationToken)
    {
        lock (gate)
        {
            if (opened is null or { IsFaulted: true } or { IsCanceled: true })
            {
                opened = signer(CancellationToken.None); // many wait for it
            }

            return opened.WaitAsync(cancellationToken);
        }
    }

    /// <summary>The document with its signature, and with the moment until which it may start, where it has none: both must say the same.</summary>
    public async Task<JobDocument> SignAsync(JobDocument document, CancellationToken cancellationToken)
    {
        var now = Now();
        var spec = document.Spec;
        var until = spec.NotAfter is { } said ? Seconds(said) : now + (spec.IsKept ? OrderLife : GlanceLife);
        var whole = spec.NotAfter == until ? document : JobDocument.Of(spec with { NotAfter = until });
        return whole.Signed(await SignAsync(SignatureTags.Order, spec.Id.ToString(), until, "POST", Jobs, whole.Bytes, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>The signature of a request that has none.</summary>
    /// <param name="request">What is asked.</param>
    /// <param name="target">Path and query as they are sent.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public ValueTask<RequestProof> SignAsync(V1Request request, string target, CancellationToken cancellationToken)
    {
        var now = Now();
        string method = request.Method.Method;
        ReadOnlyMemory<byte>? body = request.Body is { IsEmpty: false } bytes ? bytes : (ReadOnlyMemory<byte>?)null; // a bare null would be an empty body
        if (method == "GET")
        {
            return SignAsync(readTag, JobId.New(now).ToString(), now + RequestGate.ReadLife, method, target, body, cancellationToken);
        }

        bool isJob = target == Jobs && body is not null;
        var spec = isJob && JobDocument.TryParse(body!.Value, out var document, out _) ? document.Spec : null;
        return SignAsync(SignatureTags.Order, (spec?.Id ?? JobId.New(now)).ToString(), spec?.NotAfter is { } until ? Seconds(until) : now + (isJob || target.EndsWith(Cancel, StringComparison.Ordinal) ? OrderLife : RequestGate.ReadLife), method, target, body, cancellationToken);
    }

    private async ValueTask<RequestProof> SignAsync(string tag, string nonce, DateTimeOffset expires, string method, string target, ReadOnlyMemory<byte>? body, CancellationToken cancellationToken)
    {
        var now = Now();
        if (expires <= now)
        {
            throw new UserError($"it may not start after {expires:u}, and that is over (not_after)", ExitCodes.Usage, "order with more time; a signature has whole seconds");
        }

        var with = await SignerAsync(cancellationToken).ConfigureAwait(false);
        var claims = new SignatureClaims(now, expires, nonce, with.Key.Fingerprint, tag);
        return await RequestSigner.SignAsync(with, claims, method, target, body, cancellationToken).ConfigureAwait(false);
    }

    private DateTimeOffset Now() => Seconds(time.GetUtcNow());

    private static DateTimeOffset Seconds(DateTimeOffset moment) => DateTimeOffset.FromUnixTimeSeconds(moment.ToUnixTimeSeconds());
}

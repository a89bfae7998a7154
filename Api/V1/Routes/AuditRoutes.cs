using System.Globalization;
using Deploy.Model.Jobs;
using Deploy.Model.Jobs.Json;
using Deploy.Model.Text;
using Deploy.Security.Callers;
using Deploy.Security.Signatures;

namespace Deploy.Api.V1.Routes;

/// <summary>The audit log, for those who may order everywhere: it names peers, keys and refusals of everybody.</summary>
/// <param name="facts">Reads it.</param>
internal sealed class AuditRoutes(V1Facts facts)
{
    /// <summary>Records of one page: of the longest texts some 13 MB of JSON, usually 100 KB.</summary>
    private const int RecordsPerPage = 200;

    /// <summary>Newest first.</summary>
    public Task<V1Reply> ListAsync(V1Call call)
    {
        if (Refusal(call.Caller!) is { } refusal)
        {
            return Task.FromResult(V1Reply.Of(refusal));
        }

        long? before = null;
        if (call.Parameter("cursor") is { } cursor)
        {
            if (!long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out long number) || number < 1)
            {
                return Task.FromResult(Cursors.Bad);
            }

            before = number;
        }

        try
        {
            return Task.FromResult(facts.Audit(before, RecordsPerPage) is var (records, next)
                ? V1Reply.Json(new Page<AuditRecord>(records, next?.ToString(CultureInfo.InvariantCulture)), V1Json.Default.PageAuditRecord)
                : V1Reply.NotFound($"{facts.Name} keeps no audit log: it has no state directory"));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Task.FromResult(V1Reply.Of(new Problem(ProblemTypes.StoreUnwritable, 503, "it cannot be read", $"the audit log cannot be read: {SafeText.Of(error.Message, 200)}")));
        }
    }

    /// <summary>
    /// Why somebody may not read it; null for who may: an operator whose line limits neither groups nor commands, and whoever needs no signature here. What is refused is the default: records of
    /// groups that a key must not see cannot be told from others for sure, since a lease or an act names none.
    /// </summary>
    internal static Problem? Refusal(Caller caller)
    {
        string? why = caller.ApiKey is not null ? "is an API key, and those do not read the audit log"
            : caller.Signature?.Claims.Tag == SignatureTags.Hop ? "is a daemon's key, and those do not read the audit log"
            : caller.Rights.Groups is not null ? "is for some sync groups only, and the audit log is of all"
            : caller.Rights.Commands is not null ? "is for some commands only, and the audit log is of all"
            : null;
        return why is null ? null : new Problem(ProblemTypes.NotAllowed, 403, "not allowed", $"{caller.Name} {why}")
        {
            Hint = "ask with an operator's key without groups= and commands=, or on the daemon's host: deploy audit show",
        };
    }
}

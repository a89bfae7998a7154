using System.Net;
using System.Text;
using Deploy.Jobs;
using Deploy.Jobs.Relay;
using Deploy.Model;
using Deploy.Security.Audit;

namespace Deploy.Api;

/// <summary>
/// The original's proxy routes, <c>/agent|api/&lt;order&gt;[/options[/args[/api_key]]]</c>: URL and API key checked in its order, the order relayed, its answer
/// in its form. What stands in the path is not decoded, and beats the fields; an empty part and <c>0</c> stand for the field.
/// </summary>
/// <param name="relays">Checks the key and runs what passed.</param>
/// <param name="audit">Records every order, and what was refused.</param>
/// <param name="stopping">Ends the waiting for hosts.</param>
internal sealed class LegacyProxyRoutes(Relays relays, AuditLog audit, CancellationToken stopping)
{
    /// <summary>What a peer gets that is not in the allow list: whole, for the sniffer, which parses nothing.</summary>
    public static ReadOnlyMemory<byte> AddressRefusal(IPAddress peer)
    {
        string body = $"Your IP[{(peer.IsIPv4MappedToIPv6 ? peer.MapToIPv4() : peer)}] doesn't have permisson to access on this server.";
        return Encoding.ASCII.GetBytes($"HTTP/1.1 403 Permission Denied\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}");
    }

    /// <summary>Answers one request.</summary>
    public async Task<LegacyReply> AnswerAsync(LegacyCall call)
    {
        if (call.Path is not ["agent" or "api", var word, ..] || !Orders.TryParse(word, out var order))
        {
            return new LegacyReply(404) { Refusal = "no such route" };
        }

        var fields = await call.ReadFieldsAsync().ConfigureAwait(false);
        string args = Part(call, 1) ?? fields.Args.Trim();
        var key = new Secret(Part(call, 2) ?? fields.ApiKey.Reveal().Trim()); // a body may end with a line break: recording raw_px_nokey_needed
        var request = new RelayRequest(new OrderRequest(order, Part(call, 0) ?? fields.Options, call.From.ToString()), args, key) { Proved = call.Proved };
        var outcome = await relays.RunAsync(request, stopping).ConfigureAwait(false);
        audit.Note(LegacyAudit.Of(request.Order, call.From.Address, new AuditWho(outcome is RelayOutcome.Relayed ? AuditBy.Legacy : AuditBy.Unknown)) with
        {
            Hosts = outcome is RelayOutcome.Relayed ? args : null, // what was refused may be a key in the wrong place
            Job = (outcome as RelayOutcome.Relayed)?.Job.Id,
            Refusal = outcome switch { RelayOutcome.Relayed => null, RelayOutcome.NoHosts => "the group has no hosts", RelayOutcome.NotAllowed => "the API key is not for that", _ => "args are not hosts: or groups: with a name behind it" },
        });
        return outcome switch
        {
            // What was sent as args does not go into the log: it may be the key, sent in the wrong place.
            RelayOutcome.NotUnderstood => LegacyReply.Text(403, $"Syntax error, unrecognized expression: [{args}]") with { Refusal = "args are not hosts: or groups: with a name behind it" },
            RelayOutcome.NotAllowed not => LegacyReply.Text(403, $"You don't have permisson to access on this[{not.Name.ToLowerInvariant()}]."),
            RelayOutcome.NoHosts none => LegacyReply.Text(403, $"This group[{none.Group.ToLowerInvariant()}] has no hosts."),
            RelayOutcome.Relayed relayed => new LegacyReply(200) { Body = relayed.Answer, JobId = relayed.Job.Id.ToString(), Sent = relayed.Sent },
            _ => throw new InvalidOperationException(),
        };
    }

    private static string? Part(LegacyCall call, int place) =>
        place < call.Rest.Length && call.Rest[place].Trim() is not ("" or "0") and var part ? part : null;
}

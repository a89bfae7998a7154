using System.Net;
using Deploy.Api.V1;
using Deploy.Logs;
using Deploy.Model.Jobs;
using Deploy.Model.Jobs.Json;
using Deploy.Protocol.Sniffing;
using Microsoft.AspNetCore.Http.Features;

namespace Deploy.Api;

/// <summary>One port, two wires: a request's target says whose it is. In the original's ssl form there is the original's wire alone.</summary>
/// <param name="v1">Answers what is v1's.</param>
/// <param name="legacy">Answers the rest.</param>
/// <param name="log">Says who was refused.</param>
internal sealed class Dispatcher(V1Endpoint v1, LegacyEndpoint legacy, ILog log)
{
    public Task AnswerAsync(IFeatureCollection context)
    {
        if (context.Get<SentVersion>() is not { Encrypted: true } && V1Names.IsTarget(context.GetRequiredFeature<IHttpRequestFeature>().RawTarget))
        {
            return v1.AnswerAsync(context);
        }

        return context.Get<V1Alone>() is null ? legacy.AnswerAsync(context) : Refuse(context);
    }

    /// <summary>A peer that came for v1, is not in the list for the original's wire, and now asks for that on the same connection.</summary>
    private Task Refuse(IFeatureCollection context)
    {
        var connection = context.GetRequiredFeature<IHttpConnectionFeature>();
        log.Write(LogLevel.Notice, connection.RemoteIpAddress, $"{connection.RemoteIpAddress}:{connection.RemotePort} refused: not in the allow list of hosts");
        log.Write(new AccessEntry(connection.RemoteIpAddress ?? IPAddress.None, "-", "-", "-") { Status = 403 });
        context.GetRequiredFeature<IHttpRequestLifetimeFeature>().Abort();
        return Task.CompletedTask;
    }
}

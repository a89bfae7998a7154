using Deploy.Api.V1.Metrics;
using Deploy.Api.V1.Routes;
using Deploy.Logs;
using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Model.Jobs.Json;
using Deploy.Model.Text;
using Deploy.Security.Callers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Deploy.Api.V1;

/// <summary>The v1 API of a daemon: who may, which route, its answer written and logged.</summary>
/// <param name="jobs">The jobs that it serves.</param>
/// <param name="facts">What the daemon knows beside.</param>
/// <param name="guard">Who may, how often, and the record of it.</param>
/// <param name="time">The clock.</param>
/// <param name="log">Says what was refused, and every request in the access log.</param>
internal sealed class V1Endpoint(IJobs jobs, V1Facts facts, V1Guard guard, TimeProvider time, ILog log)
{
    private const string NoRoute = "none";
    private const int PieceBytes = 64 * 1024; // Kestrel's own bound for what waits to be sent (MaxResponseBufferSize)

    private readonly RequestTally tally = new();
    private readonly DateTimeOffset started = time.GetUtcNow();

    /// <summary>How long a peer may take nothing of its answer; then it is cut off.</summary>
    public TimeSpan WriteTime { get; init; } = Limits.StreamWriteTime;

    /// <summary>How often it is asked whether the reader of a stream still may.</summary>
    public TimeSpan LookAgainTime { get; init; } = Limits.StreamLookAgainTime;

    /// <summary>The route table, whole.</summary>
    public IReadOnlyList<V1Route> Routes { get => field ??= V1Routes.Of(jobs, facts, guard, tally, started, time); }

    /// <summary>Answers one request, whose target <see cref="V1Names.IsTarget"/> knows.</summary>
    public async Task AnswerAsync(IFeatureCollection context)
    {
        var call = new V1Call(context);
        var response = context.GetRequiredFeature<IHttpResponseFeature>();
        long began = time.GetTimestamp();
        string route = NoRoute;
        V1Reply reply;
        try
        {
            (route, reply) = await ReplyAsync(call).ConfigureAwait(false);
        }
        catch (BadHttpRequestException bad)
        {
            reply = OfBroken(bad);
        }

        Say(call, reply);
        tally.Answered(route, reply.Status);
        long body = 0;
        try
        {
            body = await WriteAsync(context, call, reply).ConfigureAwait(false);
        }
        finally
        {
            log.Write(new AccessEntry(call.From.Address, call.Method, LoggedPath.Of(call.Target), context.GetRequiredFeature<IHttpRequestFeature>().Protocol)
            {
                Status = reply.Status,
                BytesSent = AnswerHead.Length(response) + body,
                Duration = time.GetElapsedTime(began),
                Order = reply.Order,
                Job = reply.Job ?? (call.Named.TryGetValue("id", out string? id) && JobId.TryParse(id, out var job) ? job.ToString() : null),
            });
        }
    }

    private static V1Reply OfBroken(BadHttpRequestException bad) => V1Reply.Of(bad.StatusCode switch
    {
        StatusCodes.Status408RequestTimeout => new Problem(ProblemTypes.TooSlow, 408, "too slow", $"the body did not come within {Limits.BodyTime.TotalSeconds:0} s, at {Limits.BodyBytesPerSecond} bytes a second at least"),
        StatusCodes.Status413PayloadTooLarge => new Problem(ProblemTypes.TooLarge, 413, "too large", $"a body has at most {Limits.DocumentBytes} bytes"),
        _ => new Problem(ProblemTypes.BadRequest, 400, "not a request that this API takes", "the body broke off, or is not as the head says"),
    }) with
    { Closes = true };

    private async Task<(string Route, V1Reply Reply)> ReplyAsync(V1Call call)
    {
        string method = call.IsHead ? "GET" : call.Method;
        var methods = new List<string>();
        foreach (var route in Routes)
        {
            if (route.Match(call.Path) is not { } named)
            {
                continue;
            }

            if (route.Method != method)
            {
                methods.Add(route.Method);
                continue;
            }

            (call.Named, call.MayWait) = (named, route.MayWait);
            var reply = await guard.AdmitAsync(call, route).ConfigureAwait(false) is { } refused ? refused
                : QueryMistake(call, route) is { } mistake ? guard.Refused(call, route, V1Reply.Bad(mistake))
                : await route.Answer(call).ConfigureAwait(false);
            return ($"{route.Method} {route.Path}", reply with { Closes = reply.Closes || (reply.Status >= 400 && call.HasBody) });
        }

        if (guard.Unknown(call, method == "GET" ? Access.Read : Access.Act) is { } stranger)
        {
            return (NoRoute, stranger);
        }

        if (methods.Count == 0)
        {
            return (NoRoute, V1Reply.NotFound("there is no such route; GET /v1/openapi.json has all of them") with { Closes = call.HasBody });
        }

        string allow = string.Join(", ", methods.Select(one => one == "GET" ? "GET, HEAD" : one));
        return (NoRoute, V1Reply.Of(new Problem(ProblemTypes.MethodNotAllowed, 405, "method not allowed", $"this route takes {allow}")) with { Allow = allow, Closes = call.HasBody });
    }

    private static string? QueryMistake(V1Call call, V1Route route) =>
        call.Query is null ? "a parameter stands in the query twice"
        : call.Query.Keys.FirstOrDefault(name => !route.Query.Contains(name)) is { } unknown ? $"the parameter '{SafeText.Of(unknown, 64)}' is not known here; {(route.Query.Count == 0 ? "there is none" : "there are " + string.Join(", ", route.Query))}"
        : null;

    /// <summary>What an operator should read: who was kept out, what was not done, and that we are not well.</summary>
    private void Say(V1Call call, V1Reply reply)
    {
        if (reply.Problem is { } problem && (problem.Status is 401 or 403 or >= 500 || call.Method == "POST"))
        {
            string line = $"{call.From} refused: {SafeText.Of(call.Method)} {SafeText.Of(LoggedPath.Of(call.Target))}: {problem.Status} {problem.Type}, {problem.Said}";
            if (call.Caller is null || problem.Status == 429)
            {
                log.Write(LogLevel.Notice, call.From.Address, line);
            }
            else
            {
                log.Notice(line);
            }
        }
    }

    /// <summary>Writes it; how much of the body went out.</summary>
    private async Task<long> WriteAsync(IFeatureCollection context, V1Call call, V1Reply reply)
    {
        var response = context.GetRequiredFeature<IHttpResponseFeature>();
        response.StatusCode = reply.Status;
        Head(response.Headers, reply, facts.Server);
        if (call.IsHead || (reply.Events is null && reply.Body.IsEmpty))
        {
            return 0;
        }

        var output = new PatientOutput(context, WriteTime, time, call.From.ToString(), log);
        if (reply.Events is { } events)
        {
            // A quiet stream is slower than any rate.
            context.GetRequiredFeature<IHttpMinResponseDataRateFeature>().MinDataRate = null;
            using var ends = CancellationTokenSource.CreateLinkedTokenSource(call.Aborted, facts.StreamsEnd);
            var writer = new EventWriter(output, reply.IsSse);
            long asked = time.GetTimestamp();
            tally.ReaderCame();
            try
            {
                await writer.WriteAsync(events, Ended, ends.Token).ConfigureAwait(false);
            }
            finally
            {
                tally.ReaderLeft();
            }

            return writer.Bytes;

            Problem? Ended()
            {
                if (time.GetElapsedTime(asked) < LookAgainTime)
                {
                    return null;
                }

                asked = time.GetTimestamp();
                var ended = guard.Ended(call);
                if (ended is not null)
                {
                    log.Notice($"{call.From} reads no further: {SafeText.Of(LoggedPath.Of(call.Target))}: {ended.Said}");
                }

                return ended;
            }
        }

        long sent = 0;
        while (sent < reply.Body.Length)
        {
            var piece = reply.Body.Slice((int)sent, (int)Math.Min(PieceBytes, reply.Body.Length - sent));
            if (!await output.SendAsync(piece, call.Aborted).ConfigureAwait(false))
            {
                break;
            }

            sent += piece.Length;
        }

        return sent;
    }

    private static void Head(IHeaderDictionary headers, V1Reply reply, string? server)
    {
        headers.Server = server;
        headers.CacheControl = "no-store";
        headers.XContentTypeOptions = "nosniff";
        if (reply.ContentType is { } type)
        {
            headers.ContentType = type;
        }

        if (reply.Events is null)
        {
            headers.ContentLength = reply.Status == StatusCodes.Status204NoContent ? null : reply.Body.Length;
        }

        if (reply.Allow is { } allow)
        {
            headers.Allow = allow;
        }

        if (reply.RetryAfter is { } wait)
        {
            headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        if (reply.Location is { } location)
        {
            headers.Location = location;
        }

        if (reply.Closes)
        {
            headers.Connection = "close";
        }
    }
}

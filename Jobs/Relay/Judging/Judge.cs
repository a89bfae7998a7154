using System.Globalization;
using Deploy.Model;
using Deploy.Protocol;

namespace Deploy.Jobs.Relay.Judging;

/// <summary>From what came over the wire to a host's state. What may have started and was not heard of again is unknown, never failed.</summary>
/// <param name="order">What was ordered.</param>
/// <param name="args">To a proxy: which hosts or groups.</param>
/// <param name="options">A group, origin and target, or a command; for hints.</param>
/// <param name="noKey">True where no key was given, and the public default was tried.</param>
internal sealed class Judge(Order order, string args, string options = "", bool noKey = false)
{
    /// <summary>True for orders that change nothing on the host: with these no answer is a failure, and nothing is left running.</summary>
    private bool ReadsOnly => order is Order.Status or Order.Rlist;

    /// <summary>Whether no API key was given.</summary>
    public bool NoApiKey { get; init; }

    /// <summary>How what was sent was encoded.</summary>
    public FieldEncoding Encoding { get; init; }

    /// <summary>Whether it was asked in the ssl form.</summary>
    public bool Encrypted { get; init; }

    private string? AfterSilence => (ReadsOnly, Encrypted) switch
    {
        (true, true) => Hints.NoSslAnswer,
        (true, false) => Hints.NoAnswer,
        (false, true) => $"{Hints.AskAgain(order)}; {Hints.NoSslAnswer}",
        _ => $"{Hints.AskAgain(order)}; {Hints.NoAnswer}",
    };

    private HostState Silence => ReadsOnly ? HostState.Failed : HostState.Unknown;

    /// <summary>The result of asking one address.</summary>
    /// <param name="name">What the host is called.</param>
    /// <param name="outcome">What came.</param>
    public Judgement Of(string name, LegacyOutcome outcome)
    {
        var (result, reading) = LegacyResult.Of(outcome);
        IReadOnlyList<HostReport> reports = outcome is Answered answer
            ? OfAnswer(name, answer, result, reading)
            : [WithoutAnswer(name, outcome)];
        return new Judgement(result, reports, [.. reading?.Problems ?? [], .. EncodingOf(outcome, reports)]);
    }

    /// <summary>Whether options were encoded for another peer than the one that answered; it can be told afterwards alone. Ours sends a Server header, the original's none.</summary>
    private IEnumerable<string> EncodingOf(LegacyOutcome outcome, IReadOnlyList<HostReport> reports)
    {
        if (outcome is not Answered { Code: 200 } answer || Encoding == FieldEncoding.AsGiven || LegacyForm.IsPlain(options))
        {
            yield break;
        }

        bool original = answer.Server is null && reports.Any(report => report.Via is not null);
        if (original != (Encoding == FieldEncoding.OptionsTwice))
        {
            yield return original
                ? "the proxy is an original one, which decodes options and drops blanks: they may have arrived changed; --original-proxy encodes them for it"
                : "it is no original proxy, and options were encoded for one: they arrived with percent signs; leave --original-proxy out";
        }
    }

    private HostReport WithoutAnswer(string host, LegacyOutcome outcome) => outcome switch
    {
        NotReached not => Report(host, HostState.Unreachable, $"can't connect to {not.Where}: {not.Why}", Hints.NotReached(not.Why)),
        TimedOut { Sent: false } late => Report(host, HostState.Unreachable, $"no connection within {Seconds(late.After)}", Hints.NotReached(string.Empty)),
        TimedOut late when ReadsOnly => Report(host, HostState.Timeout, $"no answer within {Seconds(late.After)}: {late.Last}", Hints.WaitLonger),
        TimedOut late => Report(host, HostState.Unknown, $"no answer within {Seconds(late.After)}, it may have started: {late.Last}", Hints.AskAgain(order)),
        Mismatch { PeerEncrypts: true } => Report(host, HostState.Refused, "it answers in the ssl form, and was asked in the plain one", Hints.Encrypted),
        Mismatch => Report(host, HostState.Refused, "it answers in the plain form, and was asked in the ssl one", Hints.NotEncrypted),
        Interrupted { Sent: true } when !ReadsOnly => Report(host, HostState.Unknown, "interrupted, it may have started", Hints.AskAgain(order)),
        Interrupted => Report(host, HostState.Cancelled, "interrupted", null),
        NoAnswer no => Report(host, Silence, no.Why, AfterSilence),
        _ => throw new ArgumentOutOfRangeException(nameof(outcome)),
    };

    private List<HostReport> OfAnswer(string name, Answered answer, LegacyResult result, LegacyReading? reading)
    {
        if (answer.Code != 200)
        {
            return [OfCode(name, result)];
        }

        if (reading?.Value is not LegacyObject body)
        {
            return [Report(name, Silence, "its answer is not JSON", null)];
        }

        if (body.Get("return") is LegacyString)
        {
            return [Refined.By(answer.Job, order, OfBody(name, body, reading.Whole))];
        }

        return reading.Whole && body.Members.All(member => member.Value is LegacyObject)
            ? OfProxy(name, body)
            : [Report(name, Silence, "its answer is not an agent's nor a proxy's", null)];
    }

    /// <summary>One report a host that the proxy names, and one for each that was asked and is not named: none may be lost.</summary>
    private List<HostReport> OfProxy(string proxy, LegacyObject body)
    {
        var reports = new List<HostReport>();
        var missing = AskedHosts().ToList();
        foreach (var (host, value) in body.Members)
        {
            missing.RemoveAll(name => name.Equals(host, StringComparison.OrdinalIgnoreCase));
            var envelope = LegacyResult.From((value as LegacyObject)?.Get(order.Word()));
            var report = envelope is null ? Report(host, Silence, "the proxy's answer has no result for it", null) : OfEnvelope(host, envelope);
            reports.Add(report with { Via = proxy });
        }

        reports.AddRange(missing.Select(host => Report(host, Silence, "the proxy's answer does not name it", Hints.AskAgain(order)) with { Via = proxy }));
        return reports.Count > 0 ? reports : [Report(proxy, HostState.Failed, "the proxy asked no host", "the group or the list of hosts is empty: see its api file")];
    }

    private IEnumerable<string> AskedHosts() => args.StartsWith("hosts:", StringComparison.Ordinal)
        ? args["hosts:".Length..].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.OrdinalIgnoreCase)
        : [];

    private HostReport OfEnvelope(string host, LegacyResult envelope)
    {
        if (envelope.ReturnCode == "200")
        {
            return envelope.Content is LegacyObject body
                ? Refined.By(envelope.Job, order, OfBody(host, body, whole: body.Get(LegacyResult.UnreadMember) is null))
                : Report(host, Silence, "its answer is not JSON", null);
        }

        if (envelope.ReturnCode is not null)
        {
            return OfCode(host, envelope);
        }

        string said = (envelope.Content as LegacyString)?.Text ?? string.Empty;
        if (envelope.ServerStatus == 0 && said.StartsWith("can't connect", StringComparison.Ordinal))
        {
            return Report(host, HostState.Unreachable, said, Hints.NotReached(string.Empty));
        }

        if (said.StartsWith("Protocol mismatch", StringComparison.Ordinal))
        {
            return Report(host, HostState.Refused, "it speaks another form than the proxy", null);
        }

        if (envelope.ServerStatus == 0 && (said.StartsWith("Interrupted!", StringComparison.Ordinal) || said.StartsWith("not asked: ", StringComparison.Ordinal)))
        {
            return said[0] == 'n' ? Report(host, HostState.Refused, said, null) : Report(host, HostState.Cancelled, "the proxy stopped before it asked", null);
        }

        bool late = said.StartsWith("Process Timeout", StringComparison.Ordinal);
        string reason = late ? "no answer within the proxy's time: " + said : said.Length > 0 ? said : "no answer";
        return ReadsOnly
            ? Report(host, late ? HostState.Timeout : HostState.Failed, reason, late || said.Length > 0 ? null : Hints.NoAnswerToProxy)
            : Report(host, HostState.Unknown, reason + ", it may have started", Hints.AskAgain(order));
    }

    private HostReport OfCode(string host, LegacyResult result)
    {
        string text = (result.Content as LegacyString)?.Text ?? string.Empty;
        string reason = text.Length > 0 ? text : $"HTTP {result.ReturnCode} {result.ReturnString}".TrimEnd();
        return result.ReturnCode switch
        {
            "401" => Report(host, HostState.Refused, noKey ? "no key was given, and it did not accept the public default" : "the key was not accepted", noKey ? Hints.NoKey : Hints.Key) with { Authentication = true },
            "400" or "403" or "404" or "405" => Report(host, HostState.Refused, reason, NoApiKey && Hints.WantsApiKey(text) ? Hints.NoApiKey : Hints.Refused(text, options)),
            "408" => Report(host, ReadsOnly ? HostState.Timeout : HostState.Unknown, reason, Hints.AskAgain(order)),
            _ => Report(host, Silence, reason, Hints.AskAgain(order)),
        };
    }

    /// <summary>An agent's own answer, HTTP 200.</summary>
    private HostReport OfBody(string host, LegacyObject body, bool whole)
    {
        if (!whole)
        {
            return Report(host, Silence, "its answer is not whole", Hints.AskAgain(order));
        }

        return body.GetText("return") switch
        {
            "true" => OfSuccess(host, body),
            "false" => OfFailure(host, body),
            _ => Report(host, Silence, "its answer says neither true nor false", null),
        };
    }

    private HostReport OfFailure(string host, LegacyObject body)
    {
        var said = Reasons.Decode(body.GetText("content"));
        var (reason, hint) = Reasons.Of(said.Span);
        string general = order == Order.Exec ? "the command failed" : "rsync failed";
        return Report(host, HostState.Failed, reason ?? general, hint) with { Output = said };
    }

    private HostReport OfSuccess(string host, LegacyObject body)
    {
        string pids = string.Join(' ', body.GetTexts("process"));
        bool running = body.GetText("alreadyRsync") == "true";
        switch (order)
        {
            case Order.Status when running:
                return Report(host, HostState.Ok, $"a sync is running (pid {pids})", null);
            case Order.Rsync when running:
                return Report(host, HostState.Refused, $"a sync is already running (pid {pids}); this order started none", Hints.WaitForSync);
            case Order.Rsync:
                return Report(host, HostState.Ok, "the sync has started; the status order says what became of it", null);
            case Order.Rkill:
                return pids.Length > 0 ? Report(host, HostState.Ok, $"stopped (pid {pids})", null) : Report(host, HostState.Unchanged, "nothing was running", null);
            case Order.Exec:
                return Report(host, HostState.Ok, string.Empty, null) with { Output = Reasons.Decode(body.GetText("content")) };
            default:
                return OfCounts(host, body);
        }
    }

    private HostReport OfCounts(string host, LegacyObject body)
    {
        if (Count(body, "transferFilesCount") is not { } changes)
        {
            return Report(host, HostState.Failed, "its answer has no count", null);
        }

        var fresh = body.GetTexts("transferNewFiles");
        var deleted = body.GetTexts("transferDeleteFiles");
        long? bytes = Count(body, "transferFilesSize");

        // An original agent counts wrongly with rsync since 3.1 (0 files of 5 bytes, recording plain_status_new): each zero must say so.
        bool nothing = changes == 0 && (bytes ?? 0) == 0 && fresh.Count == 0 && deleted.Count == 0;
        string note = order == Order.Rlist && !nothing ? string.Create(CultureInfo.InvariantCulture, $"{fresh.Count} new or changed, {deleted.Count} deleted") : string.Empty;
        return Report(host, nothing ? HostState.Unchanged : HostState.Ok, note, null) with
        {
            Changes = changes,
            Bytes = bytes,
            NewNames = fresh,
            DeletedNames = deleted,
        };
    }

    private static long? Count(LegacyObject body, string name) =>
        long.TryParse(body.GetText(name), NumberStyles.None, CultureInfo.InvariantCulture, out long count) ? count : null;

    private static HostReport Report(string host, HostState state, string note, string? nextStep) => new() { Host = host, State = state, Note = note, NextStep = nextStep };

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.###} s");
}

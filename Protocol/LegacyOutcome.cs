namespace Deploy.Protocol;

/// <summary>What came of one legacy request; one of the records below.</summary>
internal abstract record LegacyOutcome;

/// <summary>A whole HTTP answer came.</summary>
/// <param name="Code">The status code, 100 to 999.</param>
/// <param name="Reason">The status string, in ByteText; may be empty.</param>
/// <param name="Body">The body; empty when there was none.</param>
/// <param name="Server">The Server header, in ByteText; null from the original programs, which send none.</param>
internal sealed record Answered(int Code, string Reason, ReadOnlyMemory<byte> Body, string? Server) : LegacyOutcome
{
    /// <summary>The job's facts from one of our agents; null from the original programs.</summary>
    public JobHeader? Job { get; init; }

    /// <summary>It came in the ssl form.</summary>
    public bool Encrypted { get; init; }

    /// <summary>What it took from the <see cref="ReceiveBudget"/>, to be given back by whoever drops it; bytes.</summary>
    public int HeldBytes { get; init; }
}

/// <summary>No connection came about, so the order did not start.</summary>
/// <param name="Host">As it was asked.</param>
/// <param name="Port">TCP port.</param>
/// <param name="Why">In words, e.g. <c>connection refused</c>.</param>
internal sealed record NotReached(string Host, int Port, string Why) : LegacyOutcome
{
    /// <summary>Host and port, an IPv6 address in brackets.</summary>
    public string Where => LegacyRequest.Shown(Host, Port);
}

/// <summary>thread_timeout passed.</summary>
/// <param name="After">How long was waited.</param>
/// <param name="Sent">Whether the request, or a part of it, had left: then the order may have started.</param>
/// <param name="Last">What had come by then, in words.</param>
internal sealed record TimedOut(TimeSpan After, bool Sent, string Last) : LegacyOutcome;

/// <summary>Connected, and then no whole answer: closed, silent for socket_timeout, broken, or too large. The order may have started.</summary>
/// <param name="Why">In words; remote text in it is not neutralised.</param>
internal sealed record NoAnswer(string Why) : LegacyOutcome
{
    /// <summary>True where an answer came and was more than we keep: then the host's result says why.</summary>
    public bool IsOurLimit { get; init; }
}

/// <summary>The peer answered in the encrypted form to a plain request, or the reverse; nothing was started.</summary>
/// <param name="PeerEncrypts">It speaks the encrypted form; else the plain one.</param>
internal sealed record Mismatch(bool PeerEncrypts) : LegacyOutcome;

/// <summary>The host is not asked: it speaks no wire of ours. Nothing was started.</summary>
/// <param name="Why">In words, with the next step.</param>
internal sealed record NotAsked(string Why) : LegacyOutcome;

/// <summary>The caller stopped waiting.</summary>
/// <param name="Sent">Whether the request, or a part of it, had left: then the order may have started.</param>
internal sealed record Interrupted(bool Sent) : LegacyOutcome;

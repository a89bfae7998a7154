namespace Deploy.Protocol.Sniffing;

/// <summary>Why a connection is closed here, without an answer.</summary>
/// <param name="Problem">For the log; what was wrong, and the next step where there is one.</param>
internal sealed record Closing(string Problem)
{
    /// <summary>Not worth a line at the usual level: a port scan or a health check that connects and leaves is no news.</summary>
    public bool Silent { get; init; }
}

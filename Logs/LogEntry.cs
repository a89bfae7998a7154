namespace Deploy.Logs;

/// <summary>One line to be, of the error log or of the access log.</summary>
/// <param name="Time">When it was said.</param>
/// <param name="Level">How urgent it is; info for the access log.</param>
/// <param name="Message">Safe to print; empty for the access log.</param>
/// <param name="Access">The request, for the access log; null for the error log.</param>
internal sealed record LogEntry(DateTimeOffset Time, LogLevel Level, string Message, AccessEntry? Access = null);

namespace Deploy.Bench;

/// <summary>A scenario cannot be run, or did not do what is measured; the message is for a person.</summary>
internal sealed class BenchError(string message) : Exception(message);

namespace Deploy.Store;

/// <summary>How much is kept.</summary>
/// <param name="Days">Jobs that ended longer ago go. // ours: 90</param>
/// <param name="Jobs">The oldest that ended go where there are more. // ours: 10,000</param>
internal sealed record StoreSettings(int Days = 90, int Jobs = 10_000);

/// <summary>The store cannot be written, or read: a full disk, a read-only file system, a damaged file. Of what was to be written nothing is kept. The message names the file and the next step.</summary>
internal sealed class StoreException(string message) : Exception(message);

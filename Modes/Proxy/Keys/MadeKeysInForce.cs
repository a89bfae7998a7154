using Deploy.Config;
using Deploy.Logs;
using Deploy.Modes.Binding;
using Deploy.Security;
using Deploy.Security.Files;

namespace Deploy.Modes.Proxy.Keys;

/// <summary>The keys of <c>api_keys.toml</c> as they stand there now: read whenever a key is looked for, so that one that is revoked opens nothing from that moment on.</summary>
/// <param name="path">The file.</param>
/// <param name="log">Told when they change, and when the file cannot be used.</param>
internal sealed class MadeKeysInForce(string path, ILog log)
{
    private const int MostBytes = 4 * 1024 * 1024; // as of every configuration

    private readonly Lock gate = new();
    private readonly TrustedFile file = new(path, MostBytes);
    private bool isFirst = true;
    private byte[]? read; // what the keys are of
    private string? trouble;
    private ApiKeys keys = new([]);

    /// <summary>The keys now. A file with mistakes leaves those before in force; one that cannot be read, or that others may write to, leaves none.</summary>
    public ApiKeys Now()
    {
        lock (gate)
        {
            byte[]? now = file.Read(out string? why);
            if (now is null || !ReferenceEquals(now, read))
            {
                Take(now, why);
                (read, trouble, isFirst) = (now, why, false);
            }

            return keys;
        }
    }

    private void Take(byte[]? now, string? why)
    {
        if (now is null)
        {
            keys = new ApiKeys([]);
            if (why is not null && why != trouble)
            {
                log.Error($"{path}: {why}: none of its API keys is taken");
            }

            return;
        }

        var report = new ConfigReport();
        var made = MadeKeysFile.Read(path, _ => new FileContent.Read(now), report);
        if (report.Errors.Count > 0)
        {
            log.Error($"{path} has mistakes, its API keys stay as they were: {string.Join("; ", report.Errors)}");
            return;
        }

        keys = new ApiKeys([.. made.Select(one => one.Key)]);
        if (!isFirst)
        {
            log.Notice($"{path} was changed: {made.Count} API keys of it are in force");
        }
    }
}

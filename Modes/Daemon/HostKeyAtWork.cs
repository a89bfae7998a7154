using Deploy.Logs;
using Deploy.Model;
using Deploy.Model.Text;
using Deploy.Modes.Binding.Toml;
using Deploy.Security.Channel;

namespace Deploy.Modes.Daemon;

/// <summary>Puts the host key into a daemon's settings: made at the first start, read again at each reload.</summary>
/// <param name="config">The daemon's configuration. One of the original's works without a host key, as it did: then there is no TLS.</param>
/// <param name="time">Dates a new key's certificate.</param>
/// <param name="log">Says what was made, and what is not there.</param>
internal sealed class HostKeyAtWork(string config, TimeProvider time, ILog log)
{
    /// <summary>The settings with their key; a new one where there is none, which <paramref name="keep"/> writes: a daemon that cannot listen leaves nothing behind.</summary>
    /// <param name="settings">Checked settings.</param>
    /// <param name="keep">Writes the new key's file, while root can; null where there is one. Answers the key of another daemon that was quicker, which is to be taken; else null. Throws <see cref="UserError"/> where it cannot and the configuration is ours.</param>
    /// <exception cref="UserError">The one that is there cannot be used, and the configuration is ours.</exception>
    public TSettings Begin<TSettings>(TSettings settings, out Func<HostKey?>? keep)
        where TSettings : DaemonSettings
    {
        keep = null;
        if (settings.HostKeyFile is not { } path)
        {
            return settings;
        }

        try
        {
            if (HostKeyFile.Load(path, settings.UserId) is { } there)
            {
                return settings with { HostKey = there };
            }

            var key = HostKeyFile.Make(time.GetUtcNow(), out string pem);
            keep = () => Keep(path, pem, key.Pin, settings.UserId);
            return settings with { HostKey = key };
        }
        catch (UserError error) when (!TomlFile.IsNamed(config))
        {
            log.Warning($"{error.Message}; so there is no TLS and no v1 for other hosts ({error.Hint})");
            return settings;
        }
    }

    private HostKey? Keep(string path, string pem, Pin pin, uint? daemon)
    {
        try
        {
            var theirs = HostKeyFile.Keep(path, pem, daemon);
            log.Notice($"{(theirs is null ? "made" : "took")} the host key {SafeText.Of(path)}; its pin is {theirs?.Pin ?? pin}: clients trust it with deploy client trust HOST PIN");
            return theirs;
        }
        catch (UserError error) when (!TomlFile.IsNamed(config))
        {
            log.Warning($"{error.Message}; the host key, pin {pin}, is another one at the next start ({error.Hint})");
            return null;
        }
    }

    /// <summary>The settings with the key as its file has it now; the key in force stays where that cannot be had.</summary>
    public TSettings Again<TSettings>(TSettings settings, HostKey? inForce)
        where TSettings : DaemonSettings
    {
        if (settings.HostKeyFile is not { } path)
        {
            return settings;
        }

        try
        {
            if (HostKeyFile.Load(path, settings.UserId) is { } key)
            {
                if (inForce is null || !key.Pin.Equals(inForce.Pin))
                {
                    log.Notice($"the host key is another one from here on; its pin is {key.Pin}");
                    return settings with { HostKey = key };
                }
            }
            else if (inForce is not null)
            {
                log.Warning($"host key {SafeText.Of(path)} is not there any more: the one in force stays until the end, and the next start makes another one, which no client trusts");
            }
        }
        catch (UserError error)
        {
            log.Warning($"{error.Message}; {(inForce is null ? "there is no TLS" : "the key in force stays")} ({error.Hint})");
        }

        return settings with { HostKey = inForce };
    }
}

using Deploy.Logs;
using Deploy.Model;
using Deploy.Security.Keys;

namespace Deploy.Modes.Proxy;

/// <summary>The proxy's own key, by which it reads at its agents, and orders where they name it. Opened before privileges are dropped, and made where it is missing; another one needs a restart.</summary>
internal static class OwnKey
{
    /// <summary>Whoever signs with it: whatever is wrong with it is said there, too.</summary>
    /// <param name="path">Null where the settings name none.</param>
    /// <param name="name">The proxy's.</param>
    /// <param name="isNeeded">Whether there are agents that take nothing else; then it is made where it is missing.</param>
    /// <param name="log">Told of a new key, and of what is wrong.</param>
    /// <param name="user">Whom the proxy runs as; null for who starts it.</param>
    public static Func<CancellationToken, Task<ISigner>> Open(string? path, string name, bool isNeeded, ILog log, uint? user = null)
    {
        try
        {
            if (path is not null && (isNeeded || File.Exists(path)))
            {
                var key = SshKeyFile.OpenOrCreate(path, "deploy-proxy@" + name, out bool isNew, user);
                if (isNew)
                {
                    log.Notice($"made {path}, the proxy's own key; its agents' authorized_operators take this line: orders=\"read\" {key.Key}");
                }

                return _ => Task.FromResult<ISigner>(key);
            }
        }
        catch (UserError error)
        {
            log.Warning($"{error.Message}; this proxy cannot sign what it asks its agents");
            return _ => throw error;
        }

        return _ => throw new UserError("the proxy has no key of its own", ExitCodes.Authentication, "deploy proxy init makes one");
    }
}

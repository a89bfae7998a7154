using Deploy.Logs;
using Deploy.Model.Text;

namespace Deploy.Store.Damage;

/// <summary>Says what of a store cannot be read, each thing once: it is met again with each reading. Any thread.</summary>
/// <param name="path">The file; null in memory.</param>
/// <param name="log">Told.</param>
internal sealed class StoreDamage(string? path, ILog log)
{
    private const int Most = 100; // ours: a file that is damaged all over needs no more lines

    private readonly Lock gate = new();
    private readonly HashSet<string> said = new(StringComparer.Ordinal);

    /// <summary>Says it, where it is new.</summary>
    /// <param name="what">What is damaged, and what that means.</param>
    public void Say(string what)
    {
        lock (gate)
        {
            if (said.Count >= Most || !said.Add(what))
            {
                return;
            }
        }

        log.Error($"{path ?? "the store in memory"} is damaged: {SafeText.Of(what)}; stop this daemon, move the file away and start without it, or go on as it is; an old copy in its place would let orders be done again");
    }
}

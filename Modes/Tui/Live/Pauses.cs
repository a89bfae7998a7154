namespace Deploy.Modes.Tui.Live;

/// <summary>The waits between asking a lost daemon again: 0.5 s, each twice the last, up to 10 s, a quarter more or less by chance.</summary>
internal sealed class Pauses
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    private TimeSpan next = First;

    /// <summary>The next one.</summary>
    public TimeSpan Next()
    {
        var wait = next * (0.75 + (Random.Shared.NextDouble() / 2));
        next = next * 2 < Longest ? next * 2 : Longest;
        return wait < Longest ? wait : Longest;
    }

    /// <summary>It was reached: the next loss begins anew.</summary>
    public void Reset() => next = First;
}

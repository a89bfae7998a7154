using Microsoft.Win32.SafeHandles;

namespace Deploy.Model.Targets;

/// <summary>What opening a target came to, right before a run that reads or writes it: whoever swaps a directory for a link afterwards changes nothing.</summary>
internal abstract record TargetHold
{
    private TargetHold()
    {
    }

    /// <summary>It is held open.</summary>
    /// <param name="Directory">The deepest directory of its path that is there; the target itself where <paramref name="Rest"/> is empty. The receiver closes it.</param>
    /// <param name="Rest">The names below that are not there, or one of which is no directory; none is empty, <c>.</c> or <c>..</c>.</param>
    /// <param name="IsFile">The first name of the rest is there, and is no directory.</param>
    internal sealed record Held(SafeFileHandle Directory, IReadOnlyList<string> Rest, bool IsFile) : TargetHold;

    /// <summary>It may not be used, or cannot.</summary>
    /// <param name="Reason">Why, one line.</param>
    internal sealed record Refused(string Reason) : TargetHold;
}

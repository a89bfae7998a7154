namespace Deploy.Model.Hosts;

/// <summary>Why a text names no hosts, and where in it.</summary>
/// <param name="Offset">0-based, in UTF-16 units of the text that was read; at its end at most.</param>
/// <param name="What">What is wrong; what it quotes is safe to print.</param>
/// <param name="Expected">What stands there in its place, with an example.</param>
/// <param name="Unknown">The reference that nobody knows, for who knows names near it; null for every other mistake.</param>
internal sealed record HostMistake(int Offset, string What, string Expected, HostReference? Unknown = null)
{
    /// <summary>Both in one line.</summary>
    public override string ToString() => $"{What}; {Expected}";
}

namespace Deploy.Tests.Fuzz;

/// <summary>One parser of bytes that come from outside, and what has to hold of it whatever they are.</summary>
/// <param name="Name">Names its folder below Corpus/.</param>
/// <param name="Check">Gives it an input; throws where something does not hold. Called from one thread.</param>
internal sealed record FuzzTarget(string Name, Action<byte[]> Check)
{
    /// <summary>What stands in good inputs, to be put into others.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>Good inputs beside the files of the corpus: recordings, and what is signed when the tests run.</summary>
    public IEnumerable<byte[]> More { get; init; } = [];

    /// <summary>Inputs of a test run: what takes a second or so.</summary>
    public int Inputs { get; init; } = 20_000;

    /// <summary>Bytes of an input at most.</summary>
    public int MostBytes { get; init; } = 8 * 1024;

    /// <summary>Bytes that one input may cost, whatever is in it; counted, not held at once.</summary>
    public long MostAllocated { get; init; } = 32 * 1024 * 1024;
}

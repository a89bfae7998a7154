namespace Deploy.Tests.EndToEnd.Harness;

/// <summary><c>deploy client …</c> with the key that <see cref="AgentSetup"/> gives its agents.</summary>
internal static class ClientCall
{
    /// <summary>Runs an order on these agents; bounded by <see cref="ProgramRun.Limit"/>. The waits of the client itself are long, for loaded machines.</summary>
    /// <param name="words">The order and what it is about, e.g. <c>status site</c>; further options too.</param>
    /// <param name="hosts">Addresses for <c>--hosts</c>.</param>
    public static Task<ProgramRun> RunAsync(string words, params IEnumerable<string> hosts) => RunAsync(words.Split(' '), hosts);

    /// <summary>The same with arguments that hold blanks.</summary>
    public static Task<ProgramRun> RunAsync(IReadOnlyList<string> words, IEnumerable<string> hosts) => ProgramRun.RunAsync(
        ["client", .. words, "--hosts", string.Join(',', hosts), "--thread-timeout", "60", "--socket-timeout", "60"],
        new Dictionary<string, string?> { ["DEPLOY_KEY_CIPHER"] = AgentSetup.Key });
}

using Deploy.Jobs.Relay.Judging;
using Deploy.Protocol;

namespace Deploy.Modes.Client;

/// <summary>One address of <c>--hosts</c> and what came of asking it.</summary>
/// <param name="Address">Whom was asked.</param>
/// <param name="Result">For JSON.</param>
/// <param name="Reports">For people: one, or through a proxy one a host.</param>
/// <param name="Warnings">What could not be read of the answer.</param>
internal sealed record HostRun(HostAddress Address, LegacyResult Result, IReadOnlyList<HostReport> Reports, IReadOnlyList<string> Warnings)
{
    /// <summary>An address and what its answer means.</summary>
    public static HostRun Of(HostAddress address, Judgement judgement) => new(address, judgement.Result, judgement.Reports, judgement.Warnings);
}

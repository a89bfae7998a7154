using System.Globalization;
using Deploy.Model.Jobs;
using FsCheck;
using FsCheck.Fluent;

namespace Deploy.Tests.Jobs.Rollouts;

/// <summary>Random rollouts that are right.</summary>
internal static class RolloutGen
{
    private static readonly Gen<string> Portion =
        Gen.Frequency((2, Gen.Choose(1, 12).Select(number => number.ToString(CultureInfo.InvariantCulture))), (1, Gen.Choose(1, 100).Select(percent => $"{percent}%")));

    private static readonly Gen<string?> Batches = Gen.Frequency(
        (1, Gen.Constant<string?>(null)),
        (3, from numbers in Gen.Choose(1, 15).ListOf()
            from percent in Gen.Choose(1, 100).ListOf()
            let all = numbers.Distinct().Order().Select(number => number.ToString(CultureInfo.InvariantCulture)).Concat(percent.Distinct().Order().Select(one => $"{one}%"))
            select all.Any() ? string.Join(',', all) : null));

    /// <summary>A rollout, its hosts, and the seed of what happens.</summary>
    public static Gen<(RolloutSpec Spec, int Hosts, int Seed)> Case { get; } =
        from hosts in Gen.Choose(1, 30)
        from parallel in Gen.Choose(1, 8)
        from batches in Batches
        from canary in Gen.OneOf(Gen.Constant<string?>(null), Portion.Select(text => (string?)text))
        from failures in Gen.OneOf(Gen.Constant<string?>(null), Gen.Constant<string?>("0"), Portion.Select(text => (string?)text))
        from pause in Gen.Choose(0, 4)
        from stops in Gen.Elements<OnFailure?>(null, OnFailure.Stop, OnFailure.Continue)
        from seed in Gen.Choose(0, int.MaxValue - 1)
        select (new RolloutSpec
        {
            MaxParallel = parallel,
            Batches = batches,
            Canary = canary,
            MaxFailures = failures,
            PauseAfter = pause > 0 && pause <= (batches?.Split(',').Length ?? 1) ? pause : null,
            OnFailure = stops,
        }, hosts, seed);
}

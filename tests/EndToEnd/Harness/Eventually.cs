using System.Runtime.CompilerServices;
using Xunit;

namespace Deploy.Tests.EndToEnd.Harness;

/// <summary>Waiting for what has no event, long enough for a loaded machine.</summary>
internal static class Eventually
{
    /// <summary>The longest wait.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(25);

    /// <summary>Fails with the condition's text, and what <paramref name="seen"/> tells, when it does not come true within <see cref="Limit"/>.</summary>
    public static async Task TrueAsync(Func<bool> condition, Func<string>? seen = null, [CallerArgumentExpression(nameof(condition))] string text = "")
    {
        long end = Environment.TickCount64 + (long)Limit.TotalMilliseconds;
        while (!condition())
        {
            if (Environment.TickCount64 >= end)
            {
                Assert.Fail($"not within {Limit.TotalSeconds} s: {text}\n{seen?.Invoke()}");
            }

            await Task.Delay(Interval);
        }
    }
}

using System.Globalization;

namespace Deploy.Tests.EndToEnd.Harness;

/// <summary>Addresses out of 127.0.0.0/8, so that every agent has port 3440 to itself: one each in this process, and other ones in another.</summary>
internal static class LoopbackAddress
{
    private static int last;

    /// <summary>One that nothing of this process has had.</summary>
    public static string Next()
    {
        int number = Interlocked.Increment(ref last);
        int process = Environment.ProcessId;
        return string.Create(CultureInfo.InvariantCulture, $"127.{64 + (process / 200 % 128)}.{20 + (process % 200)}.{1 + (number % 250)}");
    }
}

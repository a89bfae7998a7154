namespace Deploy.Modes.Files.Checking;

/// <summary>A number with its word.</summary>
internal static class Counted
{
    /// <summary><c>1 error</c>, <c>2 errors</c>.</summary>
    public static string Of(int number, string word) => number == 1 ? $"1 {word}" : $"{number} {word}s";
}

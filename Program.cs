namespace Deploy;

/// <summary>Arguments to mode to exit code.</summary>
internal static class Program
{
    private static int Main(string[] arguments) => arguments.Length;
}

using Deploy.Tests.Store;
using Deploy.Tests.Tui.Screen.Real;

namespace Deploy.Tests;

/// <summary>The tests as a process of their own, for those that kill one.</summary>
internal static class Program
{
    public static async Task<int> Main(string[] args)
    {
        switch (args)
        {
            case ["store-writer", var path]:
                await StoreWriterProcess.WriteAsync(path);
                return 0;
            case ["store-speed", var path]:
                await StoreWriterProcess.MeasureAsync(path);
                return 0;
            case ["terminal"]:
                return await TerminalProcess.RunAsync();
            default:
                await Console.Error.WriteLineAsync("run by tests alone: dotnet test");
                return 64;
        }
    }
}

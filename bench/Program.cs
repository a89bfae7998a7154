using System.Globalization;
using System.Runtime.InteropServices;
using Deploy.Bench.Fleet;
using Deploy.Bench.Report;
using Deploy.Bench.Scenarios;
using Deploy.Bench.Stage;

namespace Deploy.Bench;

/// <summary>Measures the published binary beside the tools that people have, scenario by scenario, and prints what it found. A benchmark, no test: a missed target is no failure.</summary>
internal static class Program
{
    private const int Failed = 1;
    private const int Usage = 64; // sysexits.h EX_USAGE, as deploy itself
    private const int Interrupted = 130;

    private static async Task<int> Main(string[] arguments)
    {
        if (arguments is [AgentProcess.Word, var prefix, var first, var count, var directory, .. var keys])
        {
            return await AgentProcess.RunAsync(prefix, int.Parse(first, CultureInfo.InvariantCulture), int.Parse(count, CultureInfo.InvariantCulture), directory, keys.FirstOrDefault());
        }

        Options options;
        try
        {
            options = Options.Read(arguments);
        }
        catch (BenchError error)
        {
            Console.Error.WriteLine($"bench: error: {error.Message}");
            return Usage;
        }

        using var stop = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        var figures = new List<Figure>();
        bool failed = false;
        foreach (var scenario in options.Scenarios)
        {
            Console.Error.WriteLine($"== {scenario.Name}: {scenario.What}");
            try
            {
                using var scene = new Scene(options.Binary, options.Scratch, stop.Token);
                figures.AddRange(await scenario.RunAsync(scene, options.Rounds ?? scenario.Rounds));
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                Console.Error.WriteLine("bench: interrupted; what it had started is stopped");
                return Interrupted;
            }
            catch (Exception error) when (error is BenchError or IOException)
            {
                Console.Error.WriteLine($"bench: error: {scenario.Name}: {error.Message}");
                failed = true;
            }
        }

        Table.Write(figures, Console.Out);
        JsonReport.Write(figures, options.JsonPath);
        Console.Error.WriteLine($"== {options.JsonPath}");
        return failed ? Failed : 0;

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
    }
}

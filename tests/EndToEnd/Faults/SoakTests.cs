using System.Globalization;
using Deploy.Tests.Fixtures;
using Xunit;
using Xunit.Abstractions;

namespace Deploy.Tests.EndToEnd.Faults;

/// <summary>The short soak of every test run; <c>./build soak</c> gives the long one's figures by the environment.</summary>
[Trait("Category", "EndToEnd")]
public class SoakTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Random_faults_break_no_invariant()
    {
        int Number(string name, int otherwise) => int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : otherwise;
        int faults = Number("DEPLOY_SOAK_FAULTS", 12), seed = Number("DEPLOY_SOAK_SEED", 5);
        using var folder = new TempFolder();
        await using var fleet = await FaultFleet.StartAsync(folder, 4);
        await new Soak(fleet, seed, output.WriteLine).RunAsync(faults);
    }
}

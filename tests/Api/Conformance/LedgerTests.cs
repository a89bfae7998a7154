using System.Globalization;
using Deploy.Tests.Api.Conformance.Proxy;
using Deploy.Tests.Architecture;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.Api.Conformance;

/// <summary>Every recorded request has its place: replayed and compared, or named with the reason why not. The other tests here do the replaying.</summary>
public class LedgerTests
{
    /// <summary>Where a request of the recordings is not replayed.</summary>
    private static readonly Dictionary<string, string> NotReplayed = new()
    {
        ["ssl_big"] = "its job needs a shell, as that of raw_job_big does; the recorded answer of 400 KB is read by SslAnswerReaderTests",
    };

    [SharedDataFact("legacy-wire")]
    public void No_recorded_request_is_left_out()
    {
        string[] recorded = [.. Directory.EnumerateFiles(Path.Combine(SharedData.Root, "legacy-wire"), "*.c2s.bin").Select(file => Path.GetFileName(file)[..^".c2s.bin".Length])];
        var places = Places();
        Assert.DoesNotContain(recorded, name => !places.ContainsKey(name));
        Assert.Equal(
            new Dictionary<string, int> { ["agent"] = 174, ["proxy"] = 55, ["ssl proxy"] = 4, ["asked by a proxy"] = 34, ["not replayed"] = 1 },
            recorded.GroupBy(name => places[name]).ToDictionary(group => group.Key, group => group.Count()));
        Assert.Equal(268, recorded.Length);
    }

    [Fact]
    public void The_page_on_the_contract_has_the_counts()
    {
        string page = File.ReadAllText(Path.Combine(SourceTree.Root, "docs/legacy.md"));
        var (equal, different, _) = ConformanceTests.RecordingCounts;
        var (proxyEqual, proxyDifferent) = ProxyConformanceTests.RecordingCounts;
        int encrypted = SslProxyConformanceTests.EncryptedNames.Length + SslProxyConformanceTests.PlainNames.Length;
        int asked = ProxyRecording.All().Sum(recording => recording.Agents.Count);
        foreach (var (row, cells) in new (string Row, int[] Cells)[]
        {
            ("to an agent, plain and ssl", [equal + different, equal, different]),
            ("to a proxy", [proxyEqual + proxyDifferent, proxyEqual, proxyDifferent]),
            ("to an ssl proxy", [encrypted, encrypted, 0]),
            ("from a proxy to its agents", [asked, asked - 2, 2]),
        })
        {
            Assert.Contains($"| {row} | {string.Join(" | ", cells.Select(cell => cell.ToString(CultureInfo.InvariantCulture)))} |", page, StringComparison.Ordinal);
        }
    }

    private static Dictionary<string, string> Places()
    {
        var places = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var recording in WireRecording.All().Where(recording => recording.Applies))
        {
            places.Add(recording.Name, "agent");
        }

        foreach (var recording in ProxyRecording.All())
        {
            places.Add(recording.Name, "proxy");
            for (int agent = 0; agent < recording.Agents.Count; agent++)
            {
                places.Add($"{recording.Name}.agent{agent}", "asked by a proxy");
            }
        }

        foreach (string name in SslProxyConformanceTests.EncryptedNames.Concat(SslProxyConformanceTests.PlainNames))
        {
            places.Add(name, "ssl proxy");
        }

        foreach (string name in NotReplayed.Keys)
        {
            places.Add(name, "not replayed");
        }

        return places;
    }
}

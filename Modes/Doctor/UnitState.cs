using System.Text;
using Deploy.Processes;

namespace Deploy.Modes.Doctor;

/// <summary>What systemd says of a daemon's unit.</summary>
/// <param name="children">Starts systemctl.</param>
internal sealed class UnitState(Children children)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan KillGrace = TimeSpan.FromSeconds(1);

    private static readonly string[] Places = ["/usr/bin/systemctl", "/bin/systemctl"];

    /// <summary>Its properties, of those asked for; null where there is no systemd, or no such unit.</summary>
    public async Task<IReadOnlyDictionary<string, string>?> AskAsync(string unit, IReadOnlyList<string> properties)
    {
        if (!Directory.Exists("/run/systemd/system") || Places.FirstOrDefault(File.Exists) is not { } program) // sd_booted(3)
        {
            return null;
        }

        var answer = new Answer();
        var start = await children.StartAsync(new ChildStart
        {
            Program = program,
            Arguments = ["show", unit, "--property=LoadState," + string.Join(',', properties)],
            Environment = new Dictionary<string, string> { ["LC_ALL"] = "C" },
            Output = answer,
        }).ConfigureAwait(false);
        if (start is not ChildStartResult.Started { Child: var child })
        {
            return null;
        }

        try
        {
            await child.Exited.WaitAsync(Patience).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            await child.StopAsync(KillGrace).ConfigureAwait(false);
            return null;
        }

        var found = answer.Text().Split('\n').Select(line => line.Split('=', 2)).Where(sides => sides.Length == 2).GroupBy(sides => sides[0]).ToDictionary(same => same.Key, same => same.First()[1]);
        return found.GetValueOrDefault("LoadState") == "loaded" ? found : null;
    }

    /// <summary>The first bytes of what it printed.</summary>
    private sealed class Answer : IChildOutput
    {
        private const int Most = 16 * 1024;

        private readonly Lock gate = new();
        private readonly List<byte> bytes = [];

        public string Text()
        {
            lock (gate)
            {
                return Encoding.UTF8.GetString([.. bytes]);
            }
        }

        public void OnOutput(ReadOnlySpan<byte> more)
        {
            lock (gate)
            {
                bytes.AddRange(more[..Math.Min(more.Length, Most - bytes.Count)]);
            }
        }

        public void OnError(ReadOnlySpan<byte> more)
        {
        }
    }
}

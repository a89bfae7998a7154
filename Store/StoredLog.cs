using System.Text;
using System.Text.Json;
using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Model.Jobs.Json;

namespace Deploy.Store;

/// <summary>What a host printed, as it is kept: one JSON a line. Of a long one the first half of what is kept and the last, with a line between that says how many are left out.</summary>
internal static class StoredLog
{
    /// <summary>What is left out is said in this stream.</summary>
    private const string Said = "stderr";

    public static string Write(IReadOnlyList<LogLine> log)
    {
        var lines = log.Select(line => JsonSerializer.Serialize(line, V1Json.Default.LogLine)).ToList();
        int first = Fitting(lines);
        if (first < lines.Count)
        {
            lines.Reverse();
            int last = Math.Min(Fitting(lines), lines.Count - first);
            lines.Reverse();
            if (first + last < lines.Count)
            {
                var gap = new LogLine(Said, $"[{lines.Count - first - last} lines are left out here: more than is kept]");
                lines = [.. lines[..first], JsonSerializer.Serialize(gap, V1Json.Default.LogLine), .. lines[^last..]];
            }
        }

        return string.Join('\n', lines);
    }

    public static IReadOnlyList<LogLine> Read(string lines) => [.. lines.Split('\n').Select(Line)];

    private static LogLine Line(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, V1PeerJson.Default.LogLine) ?? throw new JsonException();
        }
        catch (JsonException)
        {
            return new LogLine(Said, "[a line stood here that is damaged in the store]");
        }
    }

    /// <summary>How many lines from the front fit half of what is kept.</summary>
    private static int Fitting(List<string> lines)
    {
        int room = Limits.HostLogBytes / 2;
        int count = 0;
        while (count < lines.Count && (room -= Encoding.UTF8.GetByteCount(lines[count]) + 1) >= 0)
        {
            count++;
        }

        return count;
    }
}

using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Model.Text;

namespace Deploy.Output.Folded;

/// <summary>What a command printed, or the names that a sync would change: hosts with one and the same are one block.</summary>
internal static class OutputText
{
    private const int MostBlocks = 100;

    /// <summary>The lines, without newlines; each block ends with an empty one.</summary>
    /// <param name="hosts">All hosts of the job.</param>
    /// <param name="content">The lines of a shape, safe to print; null where it is not known.</param>
    /// <param name="layout">How.</param>
    public static IEnumerable<string> Lines(IReadOnlyList<HostStanding> hosts, Func<string, IEnumerable<string>?> content, Layout layout)
    {
        var blocks = hosts.Where(host => host.Shape is not null && !(layout.OnlyBad && host.State.IsGood()))
            .GroupBy(host => host.Shape!)
            .Select(same => (Shape: same.Key, Hosts: EqualHosts.Of(same.Select(host => new HostStanding { Host = host.Host, State = HostState.Ok }), byShape: false)[0]))
            .OrderByDescending(block => block.Hosts.Count).ThenBy(block => block.Hosts.Hosts, Model.Hosts.HostOrder.Natural)
            .ToList();
        foreach (var (shape, same) in layout.All ? blocks : blocks.Take(MostBlocks))
        {
            var lines = content(shape)?.ToList() ?? ["(what it printed could not be had)"];
            if (lines.Count == 0)
            {
                continue;
            }

            string count = same.Count > 1 ? $" ({CountText.Hosts(same.Count)})" : string.Empty;
            foreach (string line in SummaryText.Wrapped(string.Empty, same.Hosts + count + ":", 0, layout.Width))
            {
                yield return line;
            }

            foreach (string line in lines)
            {
                yield return line.Length == 0 ? string.Empty : "  " + line;
            }

            yield return string.Empty;
        }

        if (!layout.All && blocks.Count > MostBlocks)
        {
            yield return $"… and {ByteSize.Count(blocks.Count - MostBlocks)} more of {CountText.Hosts(blocks.Skip(MostBlocks).Sum(block => block.Hosts.Count))}; --all shows them";
            yield return string.Empty;
        }
    }

    /// <summary>The lines of a command's output: what it wrote to standard error stands behind, under its name.</summary>
    public static IEnumerable<string>? OfCommand(ShapeContent content) => CommandOutput.Read(content) is not { } output ? null
        : output.Error.IsEmpty ? Lines(output.Out)
        : Lines(output.Out).Append("stderr:").Concat(Lines(output.Error).Select(line => "  " + line));

    /// <summary>A stream's lines, safe to print, without their ends.</summary>
    internal static IEnumerable<string> Lines(ReadOnlyMemory<byte> stream)
    {
        string text = ByteText.FromBytes(stream.Span);
        return text.Length == 0 ? [] : (text.EndsWith('\n') ? text[..^1] : text).Split('\n').Select(line => SafeText.Of(line.TrimEnd('\r'), SafeTextKeep.Tab));
    }
}

using Deploy.Jobs.Relay.Judging;
using Deploy.Model;
using Deploy.Model.Text;
using Deploy.Output;
using Deploy.Protocol;

namespace Deploy.Modes.Client;

/// <summary>Prints the results of all hosts to stdout: the original client's JSON, or text for people.</summary>
internal sealed class ResultPrinter(Terminal terminal, ClientSettings settings)
{
    private const int MaxRsyncLines = 10; // of what a failed rsync said; the table has what it means

    /// <summary>Prints everything; remote text is made safe here.</summary>
    public void Print(IReadOnlyList<HostRun> runs)
    {
        foreach (var run in runs)
        {
            foreach (string warning in run.Warnings)
            {
                terminal.WriteWarning(SafeText.Of($"{run.Address.Name}: {warning}"));
            }
        }

        try
        {
            if (settings.Printing == Printing.Json)
            {
                PrintJson(runs);
            }
            else
            {
                PrintText([.. runs.SelectMany(run => run.Reports)]);
            }

            terminal.Out.Flush();
        }
        catch (IOException)
        {
            throw new UserError("the result could not be written to standard output", ExitCodes.HostUnreachable, "the order itself was given; ask with the status order what became of it");
        }
    }

    private void PrintJson(IReadOnlyList<HostRun> runs)
    {
        string order = settings.Order.Word();
        var document = new LegacyObject([.. runs.Select(run =>
            KeyValuePair.Create<string, LegacyValue>(run.Address.Name, new LegacyObject([new(order, run.Result.ToValue())])))]);
        new LegacyWriter(terminal.Out).WriteDocument(document);
    }

    private void PrintText(List<HostReport> reports)
    {
        foreach (var report in reports)
        {
            if (!settings.Quiet || !report.State.IsGood())
            {
                PrintDetails(report);
            }
        }

        foreach (string line in HostTable.Lines([.. reports.Select(Line)], settings.Color, settings.Quiet))
        {
            terminal.Out.WriteLine(line);
        }
    }

    /// <summary>The names of an rlist, the output of a command or what a failed rsync said, under the host's name.</summary>
    private void PrintDetails(HostReport report)
    {
        bool names = report.NewNames.Count + report.DeletedNames.Count > 0;
        string[] output = report.Output is { IsEmpty: false } bytes ? OutputLines(ByteText.FromBytes(bytes.Span)) : [];
        if (!names && output.Length == 0)
        {
            return;
        }

        terminal.Out.WriteLine(Name(report) + ":");
        PrintIndented("  + ", report.NewNames);
        PrintIndented("  - ", report.DeletedNames);
        PrintIndented("  ", output);
        terminal.Out.WriteLine();
    }

    /// <summary>A line each, made safe, without blanks at its end. There may be millions: no text is made for them that is not needed.</summary>
    private void PrintIndented(string indent, IReadOnlyList<string> lines)
    {
        foreach (string line in lines)
        {
            var text = SafeText.Of(line).AsSpan().TrimEnd();
            terminal.Out.Write(text.IsEmpty ? indent.AsSpan().TrimEnd() : indent);
            terminal.Out.WriteLine(text);
        }
    }

    /// <summary>A command's output whole; of a failed rsync the first lines, without those of ours that the table has.</summary>
    private string[] OutputLines(string output)
    {
        string[] lines = [.. (output.EndsWith('\n') ? output[..^1] : output).Split('\n').Select(line => line.TrimEnd('\r'))];
        if (settings.Order == Order.Exec)
        {
            return lines;
        }

        string[] said = [.. lines.Where(line => line.Length > 0 && !line.StartsWith("deploy: ", StringComparison.Ordinal))];
        return said.Length <= MaxRsyncLines ? said : [.. said.Take(MaxRsyncLines), $"… {said.Length - MaxRsyncLines} more lines; --json has them all"];
    }

    private static HostLine Line(HostReport report) => new()
    {
        Host = Name(report),
        State = report.State,
        Changes = report.Changes,
        Bytes = report.Bytes,
        Note = SafeText.Of(report.Note.Trim()),
        NextStep = report.NextStep is { } step ? SafeText.Of(step) : null,
    };

    private static string Name(HostReport report) => SafeText.Of(report.Via is null ? report.Host : $"{report.Host} (via {report.Via})");
}

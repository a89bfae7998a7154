using Deploy.Model;
using Deploy.Model.Text;
using Deploy.Output;
using Deploy.Protocol;

namespace Deploy.Modes.Client;

/// <summary>Prints the results of all hosts to stdout: the original client's JSON, or text for people.</summary>
internal sealed class ResultPrinter(Terminal terminal, ClientSettings settings)
{
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

    /// <summary>The names of an rlist, the output of a command or of a failed rsync, under the host's name.</summary>
    private void PrintDetails(HostReport report)
    {
        bool output = report.Output is { IsEmpty: false };
        if (report.NewNames.Count + report.DeletedNames.Count == 0 && !output)
        {
            return;
        }

        terminal.Out.WriteLine(Name(report) + ":");
        foreach (string name in report.NewNames)
        {
            terminal.Out.WriteLine("  + " + SafeText.Of(name));
        }

        foreach (string name in report.DeletedNames)
        {
            terminal.Out.WriteLine("  - " + SafeText.Of(name));
        }

        if (output)
        {
            PrintOutput(report.Output!.Value.Span);
        }

        terminal.Out.WriteLine();
    }

    private void PrintOutput(ReadOnlySpan<byte> output)
    {
        output = output.EndsWith("\n"u8) ? output[..^1] : output;
        foreach (var range in output.Split((byte)'\n'))
        {
            terminal.Out.WriteLine(("  " + SafeText.Of(ByteText.FromBytes(output[range].TrimEnd((byte)'\r')))).TrimEnd());
        }
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

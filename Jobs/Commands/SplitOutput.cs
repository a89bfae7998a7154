using System.Text;
using Deploy.Model.Jobs;
using Deploy.Processes;
using Deploy.Rsync.Output;

namespace Deploy.Jobs.Commands;

/// <summary>Keeps stdout and stderr of a command apart, each up to the cap, and tells each line as it comes.</summary>
internal sealed class SplitOutput : IChildOutput
{
    private readonly CappedOutput output;
    private readonly CappedOutput errors;
    private readonly LineSplitter outputLines;
    private readonly LineSplitter errorLines;

    /// <param name="capBytes">Of each.</param>
    /// <param name="line">Takes a line; must be quick.</param>
    public SplitOutput(int capBytes, Action<LogLine> line)
    {
        output = new CappedOutput(capBytes);
        errors = new CappedOutput(capBytes);
        outputLines = new LineSplitter((text, _) => line(new LogLine("stdout", Encoding.UTF8.GetString(text))));
        errorLines = new LineSplitter((text, _) => line(new LogLine("stderr", Encoding.UTF8.GetString(text))));
    }

    /// <summary>What came on stdout, with a note where the cap cut it; after the end.</summary>
    public ReadOnlyMemory<byte> Output => output.ToBytes();

    /// <summary>The same of stderr.</summary>
    public ReadOnlyMemory<byte> Errors => errors.ToBytes();

    public void OnOutput(ReadOnlySpan<byte> bytes)
    {
        output.OnOutput(bytes);
        outputLines.Feed(bytes);
    }

    public void OnError(ReadOnlySpan<byte> bytes)
    {
        errors.OnOutput(bytes);
        errorLines.Feed(bytes);
    }
}

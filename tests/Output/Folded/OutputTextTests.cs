using System.Text;
using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Output.Folded;
using Xunit;

namespace Deploy.Tests.Output.Folded;

public class OutputTextTests
{
    [Fact]
    public void Equal_outputs_are_one_block()
    {
        HostStanding[] hosts =
        [
            .. JobCases.Hosts("web-[001-400]", HostState.Ok, host => host with { Shape = "same", ExitCode = 0 }),
            .. JobCases.Hosts("web-401", HostState.Failed, host => host with { Shape = "other", ExitCode = 3, Reason = "exit 3" }),
            .. JobCases.Hosts("web-402", HostState.Ok, host => host with { Shape = "silent", ExitCode = 0 }),
            .. JobCases.Hosts("web-403", HostState.Ok, host => host with { Shape = "lost", ExitCode = 0 }),
        ];
        var contents = new Dictionary<string, ShapeContent> { ["same"] = Output(0, "one\ntwo\n", ""), ["other"] = Output(3, "half", "no \e[2Jroom\nat all\n"), ["silent"] = Output(0, "", "") };
        var lines = OutputText.Lines(hosts, digest => contents.GetValueOrDefault(digest) is { } content ? OutputText.OfCommand(content) : null, new Layout { Width = 80 })
            .Concat(SummaryText.Lines(JobCases.Job(Order.Exec, hosts), hosts, new Layout { Width = 80 }));
        Golden.Golden.Verify(string.Join('\n', lines) + "\n", "Output");
    }

    [Fact]
    public void An_output_is_read_whole_or_not_at_all()
    {
        var read = CommandOutput.Read(Output(255, "a\nexit 7\n", "b"));
        Assert.Equal((255, "a\nexit 7\n", "b"), (read!.ExitCode, Encoding.UTF8.GetString(read.Out.Span), Encoding.UTF8.GetString(read.Error.Span)));
        foreach (string wrong in new[] { "", "exit 0\n", "exit 0\nstdout 5\nabc", "exit 0\nstdout 1\nastderr 0\nx", "exit x\nstdout 0\nstderr 0\n", "exit 0\nstdout -1\nstderr 0\n", "exit 0\nstdout 99999999999999999999\nstderr 0\n", "exit +0\nstdout 0\nstderr 0\n", "exit 0\nstdout 01\nxstderr 0\n" })
        {
            Assert.Null(CommandOutput.Read(new ShapeContent(ShapeKind.Output, Encoding.UTF8.GetBytes(wrong))));
        }
    }

    [Fact]
    public void Whatever_bytes_come_none_throws()
    {
        var random = new Random(4711);
        for (int run = 0; run < 2000; run++)
        {
            byte[] bytes = new byte[random.Next(200)];
            random.NextBytes(bytes);
            byte[] whole = Output(0, Encoding.UTF8.GetString(bytes), "x").Bytes.ToArray();
            _ = CommandOutput.Read(new ShapeContent(ShapeKind.Output, bytes));
            _ = CommandOutput.Read(new ShapeContent(ShapeKind.Output, whole.AsMemory(0, random.Next(whole.Length))));
            _ = ShownChange.Of(new ShapeContent(ShapeKind.Changes, bytes));
            Assert.DoesNotContain(string.Concat(OutputText.Lines(bytes)), letter => letter is < ' ' and not '\t');
        }
    }

    private static ShapeContent Output(int exit, string output, string error)
    {
        byte[] one = Encoding.UTF8.GetBytes(output), other = Encoding.UTF8.GetBytes(error);
        return new ShapeContent(ShapeKind.Output, (byte[])[.. Encoding.UTF8.GetBytes($"exit {exit}\nstdout {one.Length}\n"), .. one, .. Encoding.UTF8.GetBytes($"stderr {other.Length}\n"), .. other]);
    }
}

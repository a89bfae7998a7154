using System.Text;
using Deploy.Processes.Leftovers;
using Xunit;

namespace Deploy.Tests.Processes.Leftovers;

public class ChildRecordTests
{
    private static readonly ChildRecord Sample = new()
    {
        Pid = 4711,
        StartTicks = 18446744073709551615,
        Boot = "6b0e/3",
        MayLeaveProcesses = true,
        Program = "/usr/bin/rsync",
    };

    [Fact]
    public void A_record_comes_back_as_it_was()
    {
        Assert.Equal(Sample, ChildRecord.TryParse(Sample.ToBytes()));
        Assert.Equal(Sample with { MayLeaveProcesses = false }, ChildRecord.TryParse((Sample with { MayLeaveProcesses = false }).ToBytes()));
    }

    [Fact]
    public void Its_form_is_this()
    {
        Assert.Equal(
            "deploy-child 1\npid 4711\nstart 18446744073709551615\nboot 6b0e/3\nleaves yes\nprogram /usr/bin/rsync\nend\n",
            Encoding.ASCII.GetString(Sample.ToBytes()));
    }

    [Fact]
    public void A_program_with_line_breaks_forges_no_line_and_a_long_one_stays_short()
    {
        var hostile = Sample with { Program = "/x\nend\npid 1\n\u001b[2J é" + new string('y', 10_000) };
        var read = ChildRecord.TryParse(hostile.ToBytes());
        Assert.NotNull(read);
        Assert.Equal(4711, read.Pid);
        Assert.StartsWith("/x?end?pid 1??[2J ?yyy", read.Program, StringComparison.Ordinal);
        Assert.InRange(hostile.ToBytes().Length, 1000, ChildRecord.LimitBytes);
    }

    [Fact]
    public void Every_torn_record_is_refused()
    {
        byte[] whole = Sample.ToBytes();
        for (int length = 0; length < whole.Length; length++)
        {
            Assert.Null(ChildRecord.TryParse(whole.AsSpan(0, length)));
        }
    }

    [Theory]
    [InlineData("pid 4711", "pid 1")]
    [InlineData("pid 4711", "pid 0")]
    [InlineData("pid 4711", "pid -1")]
    [InlineData("pid 4711", "pid 99999999999")]
    [InlineData("pid 4711", "pid  4711")]
    [InlineData("deploy-child 1", "deploy-child 2")]
    [InlineData("leaves yes", "leaves maybe")]
    [InlineData("boot 6b0e/3", "boot ")]
    public void A_record_that_could_mean_everybody_or_nobody_is_refused(string line, string instead)
    {
        string text = Encoding.ASCII.GetString(Sample.ToBytes()).Replace(line, instead, StringComparison.Ordinal);
        Assert.Null(ChildRecord.TryParse(Encoding.ASCII.GetBytes(text)));
    }

    [Fact]
    public void Any_bytes_are_a_record_with_a_real_pid_or_none()
    {
        var random = new Random(20261124);
        byte[] whole = Sample.ToBytes();
        for (int round = 0; round < 50_000; round++)
        {
            byte[] bytes = [.. whole];
            for (int i = random.Next(5); i > 0; i--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            Assert.True(ChildRecord.TryParse(bytes) is null or { Pid: > 1 });
        }
    }
}

using System.Text;
using Deploy.Processes.Table;
using Xunit;

namespace Deploy.Tests.Processes.Table;

public class ProcStatTests
{
    private const string Real =
        "4711 (rsync) S 4700 4711 4699 0 -1 4194560 310 0 0 0 1 2 0 0 20 0 1 0 8839201 7958528 880 18446744073709551615 1 1 0 0 0 0 0 4096 16390 0 0 0 17 1 0 0 0 0 0 0 0 0 0 0 0 0 0\n";

    [Fact]
    public void A_line_of_the_kernel_is_read()
    {
        Assert.True(ProcStat.TryParse(Encoding.ASCII.GetBytes(Real), out var stat));
        Assert.Equal((4711, "rsync", 'S', 4700), (stat.Pid, stat.Comm, stat.State, stat.Parent));
        Assert.Equal((4711, 4699, 1L, 8839201UL), (stat.Group, stat.Session, stat.Threads, stat.StartTicks));
        Assert.True(stat.IsLive);
    }

    [Theory]
    [InlineData("a b")]
    [InlineData(") R 1 1 1 0 -1 (")]
    [InlineData("((")]
    [InlineData("))")]
    [InlineData("")]
    [InlineData("x\n) Z 1 2 3")]
    public void A_name_with_brackets_and_blanks_deceives_nobody(string name)
    {
        Assert.True(ProcStat.TryParse(Encoding.ASCII.GetBytes(Real.Replace("rsync", name, StringComparison.Ordinal)), out var stat));
        Assert.Equal((name, 'S', 4699, 8839201UL), (stat.Comm, stat.State, stat.Session, stat.StartTicks));
    }

    [Theory]
    [InlineData("S", "Z", false)]
    [InlineData("S", "X", false)]
    [InlineData("S", "D", true)]
    [InlineData("20 0 1 0", "20 0 3 0", true)]
    public void A_zombie_does_not_live(string field, string value, bool lives)
    {
        string line = Real.Replace($" {field} ", $" {value} ", StringComparison.Ordinal);
        Assert.True(ProcStat.TryParse(Encoding.ASCII.GetBytes(line), out var stat));
        Assert.Equal(lives, stat.IsLive);
    }

    [Fact]
    public void One_whose_first_thread_left_while_others_run_lives()
    {
        string line = Real.Replace(" S ", " Z ", StringComparison.Ordinal).Replace("20 0 1 0", "20 0 3 0", StringComparison.Ordinal);
        Assert.True(ProcStat.TryParse(Encoding.ASCII.GetBytes(line), out var stat));
        Assert.True(stat.IsLive);
    }

    [Theory]
    [InlineData("")]
    [InlineData("4711")]
    [InlineData("4711 (rsync)")]
    [InlineData("4711 (rsync) S 4700 4711 4699 0 -1 4194560 310 0 0 0 1 2 0 0 20 0 1 0")]
    [InlineData("-4711 (rsync) S 4700 4711 4699 0 -1 4194560 310 0 0 0 1 2 0 0 20 0 1 0 8839201 7")]
    [InlineData("4711 (rsync) S 4700 4711 -4699 0 -1 4194560 310 0 0 0 1 2 0 0 20 0 1 0 8839201 7")]
    [InlineData("4711 (rsync) S 4700 4711 99999999999 0 -1 4194560 310 0 0 0 1 2 0 0 20 0 1 0 8839201 7")]
    [InlineData("4711 (rsync) SS 4700 4711 4699 0 -1 4194560 310 0 0 0 1 2 0 0 20 0 1 0 8839201 7")]
    [InlineData("4711 (rsync) S  4700 4711 4699 0 -1 4194560 310 0 0 0 1 2 0 0 20 0 1 0 8839201 7")]
    public void What_is_no_such_line_is_refused(string line) => Assert.False(ProcStat.TryParse(Encoding.ASCII.GetBytes(line), out _));

    [Fact]
    public void Any_bytes_are_read_or_refused_and_never_more()
    {
        var random = new Random(20261123);
        byte[] real = Encoding.ASCII.GetBytes(Real);
        int read = 0;
        for (int round = 0; round < 100_000; round++)
        {
            byte[] line = random.Next(4) == 0 ? new byte[random.Next(200)] : real[..random.Next(real.Length + 1)];
            if (random.Next(4) == 0)
            {
                line = [.. real];
            }

            for (int i = random.Next(6); i > 0 && line.Length > 0; i--)
            {
                line[random.Next(line.Length)] = random.Next(2) == 0 ? (byte)random.Next(256) : (byte)"() -9\n"[random.Next(6)];
            }

            if (ProcStat.TryParse(line, out var stat))
            {
                read++;
                Assert.True(stat is { Pid: >= 0, Group: >= 0, Session: >= 0, Parent: >= 0 });
            }
        }

        Assert.InRange(read, 1000, 99_000);
    }

    [Fact]
    public void Every_process_of_this_machine_can_be_read()
    {
        Assert.True(ProcessTable.TryRead(Environment.ProcessId, out var self));
        Assert.Equal(Environment.ProcessId, self.Pid);
        Assert.True(ProcessTable.TryLiveOfSession(self.Session, out var members));
        Assert.Contains(members, member => member.Pid == Environment.ProcessId);
        Assert.False(ProcessTable.TryRead(0, out _));
    }
}

using Deploy.Processes.Leftovers;
using Deploy.Processes.Table;
using Xunit;

namespace Deploy.Tests.EndToEnd.Harness;

/// <summary>Records of children that no agent wrote, for what an agent makes of them when it starts.</summary>
internal static class Leftover
{
    /// <summary>The record that an agent would have written of this process.</summary>
    public static ChildRecord Of(int pid)
    {
        Assert.True(ProcessTable.TryRead(pid, out var stat));
        return new ChildRecord { Pid = pid, StartTicks = stat.StartTicks, Boot = BootMark.Read()!, MayLeaveProcesses = false, Program = "forged" };
    }

    /// <summary>Where the record of a pid stands.</summary>
    public static string PathOf(AgentSetup setup, int pid) => Path.Combine(setup.StateDirectory, "children", ChildRecord.FileNameOf(pid));

    /// <summary>Puts it into the agent's state directory, made where missing.</summary>
    public static void Put(AgentSetup setup, ChildRecord record)
    {
#pragma warning disable CA1416 // Linux alone.
        Directory.CreateDirectory(Path.Combine(setup.StateDirectory, "children"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
#pragma warning restore CA1416
        File.WriteAllBytes(PathOf(setup, record.Pid), record.ToBytes());
    }
}

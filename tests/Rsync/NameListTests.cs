using Deploy.Rsync;
using Xunit;

namespace Deploy.Tests.Rsync;

public class NameListTests
{
    [Fact]
    public void Names_come_back_in_their_order_byte_for_byte()
    {
        var random = new Random(20261122);
        byte[][] printed = [.. Enumerable.Range(0, 20_000).Select(_ => RsyncPrinter.Print(RsyncPrinter.HostileName(random))).Where(name => name.Length > 0)];
        var names = new NameList();
        foreach (byte[] name in printed)
        {
            names.Add(name);
        }

        Assert.Equal(printed.Length, names.Count);
        Assert.Equal(printed.Sum(name => name.Length + 1), names.Bytes);
        Assert.Equal(printed, names.Select(name => name.Printed.ToArray()));
        Assert.Empty(new NameList());
    }
}

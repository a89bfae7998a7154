using Deploy.Jobs.Syncs;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.Jobs;

public class TargetPresenceTests
{
    [Fact]
    public void A_marker_must_be_in_the_target()
    {
        using var folder = new TempFolder();
        var presence = new TargetPresence(null, ".deploy-target");
        Assert.Contains("has no .deploy-target", presence.Missing(folder.Path), StringComparison.Ordinal);
        File.WriteAllText(folder[".deploy-target"], string.Empty);
        Assert.Null(presence.Missing(folder.Path));
        Assert.Null(presence.Missing(folder.Path + "/"));
        Assert.NotNull(presence.Missing(folder["nowhere"]));
    }

    [Fact]
    public void A_mount_must_be_one()
    {
        using var folder = new TempFolder();
        Assert.Null(new TargetPresence("/proc", null).Missing("/x"));
        Assert.Contains("is not mounted", new TargetPresence(folder.Path, null).Missing("/x"), StringComparison.Ordinal);
        Assert.Contains("is not mounted", new TargetPresence(folder["nowhere"], null).Missing("/x"), StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_asked_by_default() => Assert.Null(TargetPresence.NotAsked.Missing("/nowhere"));
}

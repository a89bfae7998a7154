using Deploy.Security;
using Deploy.Security.Files;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.Security.Files;

public class StrictModesTests
{
    private const int Regular0664 = 0x8000 | 0x1B4;

    [Theory]
    [InlineData(1000, 1000, true)] // as useradd makes one for each user
    [InlineData(1000, 100, false)]
    [InlineData(0, 0, false)]
    public void The_group_of_one_user_may_write(uint owner, uint group, bool isFine)
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["file"], string.Empty);
        var file = new FileFacts(false, owner, Regular0664) { GroupId = group };
        Assert.Equal(isFine, StrictModes.Mistake(file, folder["file"], daemon: 1000) is null);
        Assert.NotNull(StrictModes.Mistake(file with { Mode = Regular0664 | 0x2 }, folder["file"], daemon: 1000)); // 0666
        Assert.NotNull(StrictModes.Mistake(file with { OwnerId = 1001, GroupId = 1001 }, folder["file"], daemon: 1000));
    }
}

using Deploy.Model;
using Deploy.Modes.LegacyNames;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.Modes.LegacyNames;

public class InstallLinksTests
{
    [Fact]
    public void The_three_names_become_links_and_a_second_time_changes_nothing()
    {
        using var folder = new TempFolder();
        Assert.Equal(InstallLinksCommand.Names.Select(name => $"{folder[name]} -> /opt/deploy"), InstallLinksCommand.Make(folder.Path, "/opt/deploy", InstallLinksCommand.Names));
        Assert.All(InstallLinksCommand.Names, name => Assert.Equal("/opt/deploy", new FileInfo(folder[name]).LinkTarget));
        File.Delete(folder["deploy-proxy"]);
        Assert.Equal([" was there", "", " was there"], InstallLinksCommand.Make(folder.Path, "/opt/deploy", InstallLinksCommand.Names).Select(line => line[(line.IndexOf("/opt/deploy", StringComparison.Ordinal) + 11)..]));
        Assert.Equal(3, Directory.GetFileSystemEntries(folder.Path).Length);
    }

    [Fact]
    public void What_is_no_such_link_stays_and_nothing_is_made()
    {
        foreach (var put in (Action<string>[])[path => File.WriteAllText(path, "perl"), path => File.CreateSymbolicLink(path, "/usr/bin/perl"), path => File.CreateSymbolicLink(path, "nowhere"), path => Directory.CreateDirectory(path)])
        {
            using var folder = new TempFolder();
            put(folder["deploy-client"]);
            var refused = Assert.Throws<UserError>(() => InstallLinksCommand.Make(folder.Path, "/opt/deploy", InstallLinksCommand.Names));
            Assert.Contains(folder["deploy-client"] + " is ", refused.Message, StringComparison.Ordinal);
            Assert.Equal(ExitCodes.Failed, refused.ExitCode);
            Assert.Single(Directory.GetFileSystemEntries(folder.Path));
        }
    }

    [Fact]
    public void A_directory_that_is_not_there_is_an_error()
    {
        using var folder = new TempFolder();
        Assert.Throws<UserError>(() => InstallLinksCommand.Make(folder["none"], "/opt/deploy", InstallLinksCommand.Names));
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }
}

using System.Globalization;
using Deploy.Tests.EndToEnd.Harness;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.EndToEnd.Packages;

/// <summary>What <c>./build package</c> makes: what is in it, and how it lives on a host.</summary>
[Trait("Category", "EndToEnd")]
public class PackageTests(BuiltPackages packages) : IClassFixture<BuiltPackages>
{
    [ToolFact("dpkg-deb")]
    public async Task The_Debian_package_says_what_it_needs_and_how_large_it_is()
    {
        string deb = await packages.FileAsync(".deb");
        var fields = (await ShellRun.DoneAsync("dpkg-deb", "--field", deb)).Split('\n').Where(line => line.Contains(": ", StringComparison.Ordinal) && line[0] != ' ')
            .ToDictionary(line => line.Split(": ")[0], line => line.Split(": ")[1]);
        Assert.Equal(BuiltPackages.Version, fields["Version"]);
        Assert.Matches(@"^(libc6 \(>= [0-9.]+\), )?passwd, rsync$", fields["Depends"]);
        long kib = new FileInfo(PublishedBinary.Path).Length / 1024;
        Assert.InRange(long.Parse(fields["Installed-Size"], CultureInfo.InvariantCulture), kib, kib + 1000);
    }

    [ToolFact("dpkg-deb")]
    public async Task Its_files_are_roots_their_modes_are_right_and_what_lies_in_etc_is_a_conffile()
    {
        string deb = await packages.FileAsync(".deb");
        string[] lines = (await ShellRun.DoneAsync("dpkg-deb", "--contents", deb)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(lines, line => Assert.Contains(" root/root ", line, StringComparison.Ordinal));
        string[] programs = ["./usr/bin/deploy", "./etc/init.d/deploy-agent", "./etc/init.d/deploy-proxy"];
        foreach (string[] words in lines.Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)))
        {
            string expected = words[0][0] switch { 'd' => "drwxr-xr-x", 'l' => "lrwxrwxrwx", _ => programs.Contains(words[5]) || words[5].EndsWith(".sh", StringComparison.Ordinal) ? "-rwxr-xr-x" : "-rw-r--r--" };
            Assert.True(words[0] == expected, $"{words[5]} has mode {words[0]}, not {expected}");
        }

        foreach (string wanted in new[]
        {
            "./usr/sbin/deploy-agent -> ../bin/deploy", "./usr/sbin/deploy-proxy -> ../bin/deploy", "./usr/bin/deploy-client -> deploy", "./lib/systemd/system/deploy-agent.service",
            "./lib/systemd/system/deploy-proxy.socket", "./usr/share/man/man8/deploy-agent.8.gz", "./usr/share/doc/deploy/copyright", "./usr/share/doc/deploy/changelog.gz",
            "./usr/share/doc/deploy/examples/agent.toml", "./usr/share/bash-completion/completions/deploy",
        })
        {
            Assert.Contains(lines, line => line.EndsWith(" " + wanted, StringComparison.Ordinal));
        }

        string conffiles = await ShellRun.DoneAsync("dpkg-deb", "--info", deb, "conffiles");
        Assert.Equal("/etc/init.d/deploy-agent\n/etc/init.d/deploy-proxy\n/etc/logrotate.d/deploy\n/etc/logrotate.d/deploy-proxy\n", conffiles);
        Assert.DoesNotMatch("@[A-Z]+@", await ShellRun.DoneAsync("dpkg-deb", "--info", deb, "control"));
    }

    [ToolFact("dpkg-deb")]
    public async Task The_same_source_gives_the_same_bytes()
    {
        using var folder = new TempFolder();
        // A small program in the binary's place: what compresses is not under test.
        File.WriteAllText(folder["program"], $"#!/bin/sh\nexec {PublishedBinary.Path} \"$@\"\n");
        File.SetUnixFileMode(folder["program"], (UnixFileMode)0x1ED); // 0755
        foreach (string name in new[] { "one", "two" })
        {
            await ShellRun.DoneAsync(ShellRun.Repository("packaging/package.sh"), folder["program"], "1.0", folder[name]);
        }

        Assert.Equal(File.ReadAllText(folder["one/SHA256SUMS"]), File.ReadAllText(folder["two/SHA256SUMS"]));
        Assert.Equal(0, (await ShellRun.RunAsync("sha256sum", ["--check", "SHA256SUMS"], folder["two"])).ExitCode);
    }

    /// <summary>Installed, configured, started, upgraded while it runs, removed and purged, in a throw-away copy of this host.</summary>
    [ToolFact("dpkg", "dpkg-deb", "unshare", "rsync", AsRoot = true)]
    public async Task It_lives_on_a_host_from_install_to_purge()
    {
        using var folder = new TempFolder();
        string old = await packages.FileAsync(".deb");
        File.Copy(old, folder["old.deb"]);
        await ShellRun.DoneAsync("dpkg-deb", "--raw-extract", old, folder["new"]);
        string control = folder["new/DEBIAN/control"];
        File.WriteAllText(control, File.ReadAllText(control).Replace($"Version: {BuiltPackages.Version}\n", "Version: 2.0\n", StringComparison.Ordinal));
        await ShellRun.DoneAsync("dpkg-deb", "-Zgzip", "-z1", "--build", folder["new"], folder["new.deb"]);
        File.WriteAllText(folder["new/usr/bin/deploy"], "#!/bin/sh\nexit 127\n"); // as a loader that lacks a library
        await ShellRun.DoneAsync("dpkg-deb", "-Zgzip", "-z1", "--build", folder["new"], folder["broken.deb"]);
        Directory.Delete(folder["new"], recursive: true);
        File.Copy(ShellRun.Script("lifecycle.sh"), folder["lifecycle.sh"]);
        var run = await ShellRun.RunAsync("sh", [ShellRun.Script("overlay.sh"), "sh", "lifecycle.sh", "./old.deb", "./new.deb", "./broken.deb", LoopbackAddress.Next()], folder.Path);
        Assert.True(run.ExitCode == 0 && run.Text.EndsWith("\nok\n", StringComparison.Ordinal), run.Text);
    }

    [ToolFact("dpkg-deb", "tar")]
    public async Task The_tarball_installs_and_uninstalls_itself()
    {
        using var folder = new TempFolder();
        await ShellRun.DoneAsync("tar", "-xzf", await packages.FileAsync(".tar.gz"), "-C", folder.Path, "--strip-components=1");
        string root = folder["root"];
        string[] options = ["--prefix", "/opt/deploy", "--destdir=" + root, "--etc"];
        await ShellRun.DoneAsync(folder["install.sh"], options);
        var version = await ShellRun.RunAsync(root + "/opt/deploy/bin/deploy-client", ["--help"]);
        Assert.StartsWith("usage: deploy-client", version.Text, StringComparison.Ordinal);
        Assert.Contains("ExecStart=/opt/deploy/bin/deploy agent\n", File.ReadAllText(root + "/opt/deploy/lib/systemd/system/deploy-agent.service"), StringComparison.Ordinal);
        Assert.Contains("\nDAEMON=/opt/deploy/sbin/deploy-proxy\n", File.ReadAllText(root + "/etc/init.d/deploy-proxy"), StringComparison.Ordinal);
        Assert.True(File.Exists(root + "/opt/deploy/share/doc/deploy/packaging/agent.toml"), "a link of the documents leads nowhere");
        await ShellRun.DoneAsync(folder["install.sh"], options); // over itself
        await ShellRun.DoneAsync(folder["install.sh"], [.. options, "--uninstall"]);
        Assert.Empty(Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories));
        await ShellRun.DoneAsync(folder["install.sh"], [.. options, "--uninstall"]); // nothing left to do
    }

    /// <summary>The original's names are ours too: what has them and is not ours stops an installation before its first file, and stays at a removal.</summary>
    [Theory]
    [InlineData("usr/sbin/deploy-agent", "#!/usr/bin/perl\n")]
    [InlineData("usr/bin/deploy-client", "#!/usr/bin/perl\n")]
    [InlineData("usr/bin/deploy", "#!/bin/sh\n")]
    [InlineData("etc/init.d/deploy-proxy", "#!/bin/sh\n")]
    [InlineData("etc/logrotate.d/deploy", "/var/log/deploy/*.log {\n}\n")]
    [InlineData("usr/sbin/deploy-proxy", null)] // a link to somewhere else
    public async Task The_installer_replaces_and_removes_no_program_of_somebody_else(string place, string? content)
    {
        using var folder = new TempFolder();
        string file = folder["root/" + place];
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        Directory.CreateDirectory(folder["man"]);
        foreach (string page in new[] { "deploy.1", "deploy-client.1", "agent.toml.5", "proxy.toml.5", "deploy-agent.8", "deploy-proxy.8" })
        {
            File.WriteAllText(folder["man/" + page], string.Empty);
        }

        void Put()
        {
            File.Delete(file);
            _ = content is null ? File.CreateSymbolicLink(file, "/opt/perl/deploy-proxy") : null;
            if (content is not null)
            {
                File.WriteAllText(file, content);
            }
        }

        string Kept() => content is null ? new FileInfo(file).LinkTarget! : File.ReadAllText(file);
        Put();
        string before = Kept();
        string[] options = ["--prefix", "/usr", "--destdir", folder["root"], "--etc", "--binary", PublishedBinary.Path, "--man", folder["man"]];
        var run = await ShellRun.RunAsync(ShellRun.Repository("packaging/install.sh"), options);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains(file, run.Text, StringComparison.Ordinal);
        Assert.Equal(before, Kept());
        Assert.Single(Directory.EnumerateFileSystemEntries(folder["root"], "*", SearchOption.AllDirectories), entry => !Directory.Exists(entry));

        File.Delete(file);
        await ShellRun.DoneAsync(ShellRun.Repository("packaging/install.sh"), options);
        Put();
        run = await ShellRun.RunAsync(ShellRun.Repository("packaging/install.sh"), [.. options, "--uninstall"]);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains($"{file} stays", run.Text, StringComparison.Ordinal);
        Assert.Equal(before, Kept());
        Assert.Single(Directory.EnumerateFileSystemEntries(folder["root"], "*", SearchOption.AllDirectories), entry => !Directory.Exists(entry));
    }

    [Theory]
    [InlineData("--prefix")]
    [InlineData("--prefix", "relative")]
    [InlineData("--prefix", "/with blank")]
    [InlineData("--nonsense")]
    public async Task The_installer_takes_no_nonsense(params string[] options)
    {
        using var folder = new TempFolder();
        var run = await ShellRun.RunAsync(ShellRun.Repository("packaging/install.sh"), ["--destdir", folder["root"], "--binary", PublishedBinary.Path, .. options]);
        Assert.Equal(64, run.ExitCode);
        Assert.Contains("install: error: ", run.Text, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["root"]));
    }
}

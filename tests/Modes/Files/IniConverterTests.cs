using System.Runtime.CompilerServices;
using System.Text;
using Deploy.Config;
using Deploy.Config.Toml;
using Deploy.Model;
using Deploy.Modes.Agent;
using Deploy.Modes.Agent.Toml;
using Deploy.Modes.Files;
using Deploy.Modes.Files.Printing;
using Deploy.Tests.Architecture;
using Xunit;

namespace Deploy.Tests.Modes.Files;

/// <summary>What convert prints is read by the agent as the same settings.</summary>
public class IniConverterTests
{
    /// <summary>The recorded files of the original that an agent starts with, and our sample.</summary>
    public static TheoryData<string> Originals =>
    [
        .. Directory.GetFiles(Path.Combine(Here(), "..", "Agent", "Original"), "agent_*.ini").Order(StringComparer.Ordinal).Select(path => Path.GetFileName(path)),
        "deploy_agent.ini",
    ];

    [Theory]
    [MemberData(nameof(Originals))]
    public void A_recorded_file_means_the_same_as_TOML(string name)
    {
        var settings = Assert.IsType<AgentConfig.Valid>(AgentFile.Read(name, AgentOverrides.None, "web-001.example", Read)).Settings;
        string toml = new IniConverter(Read, "web-001.example").Convert(name, FileKind.Agent);
        var answer = AgentTomlFile.Read("agent.toml", AgentOverrides.None, "web-001.example", path => path == "agent.toml" ? new FileContent.Read(Encoding.UTF8.GetBytes(toml)) : Read(path));
        if (settings.KeyCipherIsInvalid)
        {
            // The original's agent ran and took no order; ours says that it could take none.
            Assert.Contains("no order could be taken", Assert.Single(Assert.IsType<AgentConfig.Invalid>(answer).Errors).What, StringComparison.Ordinal);
            return;
        }

        var again = Assert.IsType<AgentConfig.Valid>(answer).Settings;
        Assert.Equal(Printed(settings with { KeyCipherFile = "/etc/deploy/key" }), Printed(again));
    }

    [Fact]
    public void What_changes_its_meaning_is_said_and_no_secret_is_printed() => Golden.Golden.Verify(
        new IniConverter(Texts(("old.ini", """
            [server]
            addr = 127.0.0.1
            port = 3999
            key_cipher = hush-hush
            user = deploy
            max_process_timeout = 90
            process_name = mine
            log_error_level = 7
            [allow::hosts]
            host[] = 127.0.0.1
            host[] = deploy.example.net
            [allow::paths]
            path[] = /srv/www
            [rsync::group::site a]
            dest = rsync://origin/site/
            src = "/srv/www/a b"
            option[] = -a --delete
            option[] = -e 'ssh -p 22'
            exclude[] = .git
            include[] = "*.html"
            [rsync::group::broken]
            dest = rsync://origin/site/
            [jobs]
            path = /jobs.ini
            """), ("/jobs.ini", """
            [all]
            disk = df -h %s
            braces = echo {verb} {{ %s
            joined = echo "[%s]"
            pipe = uptime | cut -d, -f1
            code = sh -c %s
            quote = echo "a\\b" 'it"s'
            """)), "web-001").Convert("old.ini", null),
        "Converted");

    [Fact]
    public void A_jobs_file_alone_gives_the_tables_of_its_commands() =>
        Assert.Contains("[command.disk]\nargv = [\"df\", \"-h\", \"{args}\"]\nargs = { words = true }", new IniConverter(Texts(("jobs.ini", "[x]\ndisk = df -h %s\n")), "h").Convert("jobs.ini", null), StringComparison.Ordinal);

    [Fact]
    public void A_jobs_file_alone_keeps_its_warnings_and_each_script_has_a_file_of_its_own()
    {
        string toml = new IniConverter(Texts(("jobs.ini", "[x]\na.b = uptime | cat\na_b = uptime | cat\na_b-2 = uptime | cat\na*b = ls %s | cat\nevil = sh -c 'echo %s' | tee /tmp/x\ntab = echo\ta | cat\n")), "h").Convert("jobs.ini", null);
        Assert.Contains("# - jobs.ini:2:", toml, StringComparison.Ordinal);
        foreach (string path in new[] { "a_b", "a_b-2", "a_b-3", "a_b-4" })
        {
            Assert.Single(toml.Split('\n'), line => line.Contains($"Write this script to /usr/local/lib/deploy/{path},", StringComparison.Ordinal));
        }

        Assert.Contains("# [command.a_b]\n# argv = [\"/usr/local/lib/deploy/a_b\"]\n", toml, StringComparison.Ordinal);
        Assert.Contains("#     echo\ta | cat\n", toml, StringComparison.Ordinal);
        Assert.Contains("# the command 'evil' is left out: 'sh' would take a request's arguments for code: write a script that checks its arguments", toml, StringComparison.Ordinal);
    }

    [Fact]
    public void An_allowed_path_that_TOML_does_not_take_is_said() =>
        Assert.Contains("# - path[] = /srv/../etc is left out", new IniConverter(Texts(("old.ini", "[allow::hosts]\nhost[] = 127.0.0.1\n[allow::paths]\npath[] = /srv/../etc\npath[] = /srv\n")), "h").Convert("old.ini", null), StringComparison.Ordinal);

    [Theory]
    [InlineData("[server]\nport = 99999\n[allow::paths]\n", "has mistakes", 78)]
    [InlineData("[allow::paths]\npath[] = /srv/\u00ff\n[rsync::group::x]\ndest = h::m/\nsrc = /srv/BYTE\n", "UTF-8", 78)]
    [InlineData("[allow::paths]\npath[] = /srv/\U0001F480\n[rsync::group::x]\ndest = h::m/\nsrc = /srv/BYTE\n", "UTF-8", 78)]
    [InlineData("", "cannot be told", 64)]
    public void What_cannot_be_converted_is_said(string ini, string expected, int exitCode)
    {
        byte[] bytes = [.. Encoding.UTF8.GetBytes(ini.Split("BYTE")[0]), .. ini.Contains("BYTE", StringComparison.Ordinal) ? new byte[] { 0xff, (byte)'\n' } : []];
        var error = Assert.Throws<UserError>(() => new IniConverter(_ => new FileContent.Read(bytes), "h").Convert("old.ini", null));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Equal(exitCode, error.ExitCode);
    }

    /// <summary>Whatever a string holds, the TOML of it is read back.</summary>
    [Fact]
    public void Any_string_is_written_so_that_it_is_read_back()
    {
        var random = new Random(20261122);
        string[] pieces = ["a", "\"", "'", "\\", "\n", "\t", "\u0001", "\u007f", "é", "😀", "{", "#", "]", "=", " "];
        for (int round = 0; round < 5000; round++)
        {
            string text = string.Concat(Enumerable.Range(0, random.Next(8)).Select(_ => pieces[random.Next(pieces.Length)]));
            var writer = new TomlWriter();
            writer.Table("t", text);
            writer.Value(text, TomlWriter.List([text, text]).Toml, "comment " + text);
            var document = TomlReader.Parse("x", Encoding.UTF8.GetBytes(writer.ToString()));
            Assert.Empty(document.Errors);
            var table = (TomlValue.Table)((TomlValue.Table)document.Root.Find("t")!.Value).Find(text)!.Value;
            Assert.Equal([text, text], ((TomlValue.List)table.Find(text)!.Value).Items.Select(item => ((TomlValue.Text)item).Value));
        }
    }

    /// <summary>Every setting, without the comments: what an order of the original is refused for is left out of TOML.</summary>
    private static IEnumerable<string> Printed(AgentSettings settings) =>
        new AgentPrinter(settings with { AllowedPaths = [.. settings.AllowedPaths.Where(path => path.StartsWith('/'))] }, _ => new SettingLine(true, null)).Print()
            .Split('\n').Where(line => line.Length > 0 && line[0] != '#');

    private static FileContent Read(string path)
    {
        if (path == "/etc/deploy/key")
        {
            return new FileContent.Read("secret\n"u8.ToArray());
        }

        string name = Path.GetFileName(path);
        string[] folders = [Path.Combine(Here(), "..", "Agent", "Original"), Path.Combine(SourceTree.Root, "packaging")];
        return ConfigFile.Read(folders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists) ?? path);
    }

    private static Func<string, FileContent> Texts(params (string Path, string Text)[] files) => path =>
        files.FirstOrDefault(file => file.Path == path).Text is { } text ? new FileContent.Read(Encoding.UTF8.GetBytes(text)) : new FileContent.Unreadable("no such file");

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}

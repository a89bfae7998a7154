using System.Text;
using Deploy.Config;
using Deploy.Config.Ini;
using Deploy.Config.Toml;
using Deploy.Model;
using Deploy.Model.Text;
using Deploy.Modes.Agent;
using Deploy.Modes.Agent.Toml;
using Deploy.Modes.Binding;
using Deploy.Modes.Binding.Toml;
using Deploy.Modes.Client;
using Deploy.Modes.Client.Toml;
using Deploy.Modes.Files;
using Deploy.Modes.Files.Printing;
using Deploy.Modes.LegacyNames;
using Deploy.Modes.Proxy;
using Deploy.Modes.Proxy.Ini;
using Deploy.Modes.Proxy.Keys;
using Deploy.Modes.Proxy.Toml;
using Deploy.Security;
using Deploy.Tests.Architecture;
using Xunit;
using Xunit.Abstractions;

namespace Deploy.Tests.Fuzz;

/// <summary>What an administrator writes: files of both dialects up to the settings they make, keys that were made, the command line.</summary>
public class ConfigFuzzTests(ITestOutputHelper output)
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch.AddDays(20_000);

    [Fact]
    public Task An_ini_file_means_what_its_entries_say() => Fuzzer.RunAsync(
        new FuzzTarget("IniReader", Ini) { Words = ["[", "]", "[]", " = ", "\n", "#", ";", "\uFEFF"], More = Samples("deploy_agent.ini", "deploy_proxy.ini", "jobs.ini"), Inputs = 20_000 }, output);

    [Fact]
    public Task An_agent_file_is_printed_as_the_file_that_gives_its_settings() => Fuzzer.RunAsync(
        new FuzzTarget("AgentToml", AgentToml) { Words = ["[sync.x]\n", "[command.y]\nargv = [\"/bin/a\", \"{b}\"]\nb = { int = [1, 9] }\n", "\"5s\"", "\"1MiB\"", "\"none\"", "true", "\"\"\"", "[legacy]\nmode = ", "127.0.0.1:3440", "{ regex = \"a+\" }"], More = Samples("agent.toml"), Inputs = 2_000 }, output);

    [Fact]
    public Task A_proxy_file_is_printed_as_the_file_that_gives_its_settings() => Fuzzer.RunAsync(
        new FuzzTarget("ProxyToml", ProxyToml) { Words = ["[hosts]\n\"web-[01-20]\" = { port = 3441 }\n", "[groups]\n", "[api_keys.ci]\nsha256 = \"", "@web", "!web-07", "defaults = {", "wire = \"legacy\"", "\"10s\""], More = Samples("proxy.toml"), Inputs = 2_000 }, output);

    [Fact]
    public Task A_client_file_is_printed_as_the_file_that_gives_its_settings() => Fuzzer.RunAsync(
        new FuzzTarget("ClientToml", ClientToml) { Words = ["via = \"proxy-01:3441\"\n", "identity = \"~/.ssh/x\"\n", "timeout = \"5m\"\n", "port = 3440\n", "output = \"json\"\n", "parallel = 7\n"], More = Samples("client.toml"), Inputs = 10_000 }, output);

    [Fact]
    public Task A_file_of_the_original_becomes_toml_that_is_read() => Fuzzer.RunAsync(
        new FuzzTarget("Convert", Convert) { Words = ["[rsync::group::x]\ndest = h::m/\nsrc = /srv/x\n", "exclude = .git, *.o\n", "option[] = ", "[jobs]\npath = jobs.ini\n", "df = df -h %s\n", "[allow::paths]\npath[] = /srv\n", "[server]\n", "\U0001F480", "key_cipher = x\n"], More = Samples("deploy_agent.ini", "jobs.ini", "deploy_proxy.ini"), Inputs = 2_000 }, output);

    [Fact]
    public Task The_file_of_made_keys_loses_and_wins_the_key_that_was_meant() => Fuzzer.RunAsync(
        new FuzzTarget("MadeKeys", Made) { Words = ["[api_keys.ci]\n", "groups = [\"web\"]\n", "groups = [\n\"web\",\n]\n", "created = \"\"\"\n[x]\n\"\"\"\n", "[api_keys]\n", "# comment\n", "\n"], Inputs = 4_000 }, output);

    [Fact]
    public Task Quantities_and_addresses_of_the_command_line_print_as_they_are_read() => Fuzzer.RunAsync(
        new FuzzTarget("CommandLine", Values) { Words = ["1h30m", "500ms", "64KiB", "GiB", "d", "[::1]:3440", "localhost", "127.0.0.1:", "010.0.0.1", "web-[1-3]:99,!web-2"], Inputs = 20_000 }, output);

    [Fact]
    public Task Options_of_the_original_are_taken_as_perl_took_them() => Fuzzer.RunAsync(
        new FuzzTarget("GetoptLong", Options) { Words = ["--", "-", "+", "=", "--ho", "hosts=", "help", "\n"], Inputs = 30_000 }, output);

    private static IEnumerable<byte[]> Samples(params string[] files) => [.. files.Select(file => File.ReadAllBytes(Path.Combine(SourceTree.Root, "packaging", file)))];

    private static void Told(IEnumerable<ConfigError> errors, IEnumerable<ConfigWarning> warnings)
    {
        Assert.All(errors, error => Holds.Safe(error.ToString()));
        Assert.All(warnings, warning => Holds.Safe(warning.ToString()));
    }

    private static void Ini(byte[] input)
    {
        switch (IniReader.Parse("f", input))
        {
            case IniResult.Failed(var errors):
                Assert.InRange(errors.Count, 1, IniReader.MaxErrors + 1);
                Told(errors, []);
                break;
            case IniResult.Read(var document):
                var text = new StringBuilder();
                foreach (var section in document.Sections)
                {
                    text.Append('[').Append(section.Name).Append("]\n");
                    foreach (var entry in section.Entries)
                    {
                        text.Append(entry.Key.Value).Append(entry.IsList ? "[]" : string.Empty).Append(" = ").Append(entry.Value.Value).Append('\n');
                    }
                }

                var again = Assert.IsType<IniResult.Read>(IniReader.Parse("f", ByteText.ToBytes(text.ToString()))).Document;
                Assert.Equal(Shape(document), Shape(again));
                break;
        }

        static string[] Shape(IniDocument document) => [.. document.Sections.SelectMany(section => section.Entries.Select(entry => $"{section.Name}|{entry.Key.Value}|{entry.IsList}|{entry.Value.Value}"))];
    }

    private static void AgentToml(byte[] input)
    {
        if (ReadAgent(input) is { } settings)
        {
            string printed = Print(settings);
            Assert.Equal(printed, Print(ReadAgent(Encoding.UTF8.GetBytes(printed)) ?? throw new InvalidOperationException(printed)));
        }

        static string Print(AgentSettings settings) => new AgentPrinter(settings, _ => new SettingLine(true, null)).Print();
    }

    private static AgentSettings? ReadAgent(byte[] input)
    {
        switch (AgentTomlFile.Read("/f/agent.toml", AgentOverrides.None, "host", Reads(input)))
        {
            case AgentConfig.Valid valid:
                Told([], valid.Warnings);
                return valid.Settings;
            case AgentConfig.Invalid invalid:
                Assert.NotEmpty(invalid.Errors);
                Told(invalid.Errors, invalid.Warnings);
                return null;
            default:
                throw new InvalidOperationException();
        }
    }

    private static void ProxyToml(byte[] input)
    {
        if (Read(input) is { } settings)
        {
            string printed = Print(settings);
            Assert.Equal(printed, Print(Read(Encoding.UTF8.GetBytes(printed)) ?? throw new InvalidOperationException(printed)));
        }

        static string Print(ProxySettings settings) => new ProxyPrinter(settings, _ => new SettingLine(true, null), showHashes: true).Print();

        static ProxySettings? Read(byte[] input)
        {
            var config = ProxyTomlFile.Read("/f/proxy.toml", ProxyOverrides.None, Reads(input));
            Told((config as ProxyConfig.Invalid)?.Errors ?? [], (config as ProxyConfig.Valid)?.Warnings ?? ((ProxyConfig.Invalid)config).Warnings);
            return (config as ProxyConfig.Valid)?.Settings;
        }
    }

    private static void ClientToml(byte[] input)
    {
        if (Read(input) is { } defaults)
        {
            string printed = Print(defaults);
            Assert.Equal(printed, Print(Read(Encoding.UTF8.GetBytes(printed)) ?? throw new InvalidOperationException(printed)));
        }

        static string Print(ClientDefaults defaults) => new ClientPrinter(defaults, _ => new SettingLine(true, null)).Print();

        static ClientDefaults? Read(byte[] input)
        {
            var config = ClientTomlFile.Read("/f/client.toml", Reads(input));
            Told((config as ClientConfig.Invalid)?.Errors ?? [], (config as ClientConfig.Valid)?.Warnings ?? ((ClientConfig.Invalid)config).Warnings);
            return (config as ClientConfig.Valid)?.Defaults;
        }
    }

    /// <summary>Every file is the same one, also those that it names; keys are there.</summary>
    private static Func<string, FileContent> Reads(byte[] input) => path => new FileContent.Read(path.Contains("key", StringComparison.Ordinal) ? "a-long-random-key-of-tests\n"u8.ToArray() : input);

    private static void Convert(byte[] input)
    {
        string toml;
        try
        {
            toml = new IniConverter(Reads(input), "host").Convert("/f/old.ini", null);
        }
        catch (UserError error)
        {
            Holds.Safe(error);
            return;
        }

        Assert.True(ByteText.IsWhole(toml), "a byte that is no UTF-8 would be written as another");
        var document = TomlReader.Parse("new.toml", Encoding.UTF8.GetBytes(toml));
        Assert.Empty(document.Errors);
    }

    private static readonly string ThereIs = Path.Combine(SourceTree.Root, "packaging", "proxy.toml"); // any file; what it holds is the input

    private static void Made(byte[] input)
    {
        string text = ByteText.FromBytes(input);
        if (Keys(text) is not { } keys)
        {
            return;
        }

        var key = new ApiKey("fuzz-new", ApiKey.HashOf("secret"), ["web", "odd \"name\""]);
        if (keys.All(one => one.Key.Name != key.Name))
        {
            string more = MadeKeysFile.With(text, key, Now);
            var with = Keys(more) ?? throw new InvalidOperationException(more);
            Assert.Equal([.. keys.Select(Said), $"{key.Name} {key.Sha256.Reveal()} web,odd \"name\""], with.Select(Said));
            Assert.Equal(keys.Select(Said), Keys(MadeKeysFile.Without(more, with[^1], Now)!)!.Select(Said));
        }

        foreach (var one in keys.Take(3))
        {
            if (MadeKeysFile.Without(text, one, Now) is { } less)
            {
                Assert.Equal(keys.Where(other => other != one).Select(Said), (Keys(less) ?? throw new InvalidOperationException(less)).Select(Said));
            }
        }

        static string Said(MadeKey made) => $"{made.Key.Name} {made.Key.Sha256.Reveal()} {string.Join(',', made.Key.Groups)}";

        static IReadOnlyList<MadeKey>? Keys(string text)
        {
            var report = new ConfigReport();
            var keys = MadeKeysFile.Read(ThereIs, _ => new FileContent.Read(ByteText.ToBytes(text)), report);
            Told(report.Errors, report.Warnings);
            return report.Errors.Count == 0 ? keys : null;
        }
    }

    private static void Values(byte[] input)
    {
        string text = ByteText.FromBytes(input);
        if (Quantities.TryDuration(text, out var time))
        {
            Assert.True(time >= TimeSpan.Zero);
            Assert.True(Quantities.TryDuration(Quantities.Print(time), out var again) && again == time);
        }

        if (Quantities.TrySize(text, out long size))
        {
            Assert.True(size >= 0);
            Assert.True(Quantities.TrySize(Quantities.PrintSize(size), out long again) && again == size);
        }

        if (ListenAddress.Parse(text, 3440) is { } at)
        {
            Assert.Equal(at, ListenAddress.Parse(at.ToString(), 1));
            Assert.True(text.StartsWith("localhost", StringComparison.Ordinal) || text.Contains(':', StringComparison.Ordinal) || text == at.Address.ToString());
        }

        try
        {
            var hosts = HostAddress.ParseList(text, 3440, ExitCodes.Usage);
            Assert.NotEmpty(hosts);
            Assert.All(hosts.Take(20), host => Assert.InRange(host.Port, 1, 65535));
        }
        catch (UserError error)
        {
            Holds.Safe(error);
        }
    }

    private static readonly GetoptLong Getopt = new([new("hosts"), new("host_key"), new("help", TakesValue: false), new("port"), new("json", TakesValue: false, Exact: true)]);

    private static void Options(byte[] input)
    {
        string[] arguments = ByteText.FromBytes(input).Split('\n');
        var result = Getopt.Parse(arguments);
        Assert.All(result.Warnings, warning => Holds.Safe(warning));
        Assert.All(result.Rest, rest => Assert.Contains(rest, arguments));
        Assert.True(result.Values.Count + result.Rest.Count + result.Warnings.Count <= arguments.Length);
        Assert.All(result.Values.Values, value => Assert.Contains(arguments, argument => argument.EndsWith(value, StringComparison.Ordinal) || value == "1"));
    }
}

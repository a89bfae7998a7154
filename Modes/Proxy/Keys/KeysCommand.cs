using System.CommandLine;
using System.Security.Cryptography;
using Deploy.Config;
using Deploy.Model;
using Deploy.Model.Text;
using Deploy.Modes.SetUp;
using Deploy.Output;
using Deploy.Protocol;
using Deploy.Security;

namespace Deploy.Modes.Proxy.Keys;

/// <summary><c>deploy proxy keys</c>: makes, lists and revokes API keys, with which scripts that have no SSH key ask a proxy.</summary>
internal static class KeysCommand
{
    private const string Prefix = "deploy-key-"; // tells what it is to who finds one
    private const int KeyBytes = 32; // 256 bits
    private const int LongestName = 64;
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz234567"; // RFC 4648 base32, in lower case

    /// <summary>The command, to be put under <c>deploy proxy</c>; its help goes to <paramref name="pages"/>.</summary>
    public static Command Create(Terminal terminal, TimeProvider time, Dictionary<Command, HelpPage> pages)
    {
        var config = OptionKinds.Text("--config", "FILE", $"the proxy's configuration, beside which api_keys.toml stands; {ProxyFile.TomlPath}, else {ProxyFile.LegacyPath}");
        var groups = OptionKinds.Text("--groups", "GROUP,...", "host groups that it opens; without, it reads and orders nothing");
        var name = new Argument<string>("NAME") { Description = "what the key is called in lists and logs" };
        var add = new Command("add", "Make a key. It is printed once, on standard output, and kept as its SHA-256 alone.") { name, groups, config };
        add.SetAction(parsed => Add(terminal, time, ProxyFile.Find(parsed.GetValue(config)), parsed.GetRequiredValue(name), parsed.GetValue(groups)));
        var list = new Command("list", "List the keys: name, groups, when each was made, where it stands.") { config };
        list.SetAction(parsed => List(terminal, ProxyFile.Find(parsed.GetValue(config))));
        var revoke = new Command("revoke", "Take a key away: a proxy that runs takes it no more from that moment on.") { name, config };
        revoke.SetAction(parsed => Revoke(terminal, time, ProxyFile.Find(parsed.GetValue(config)), parsed.GetRequiredValue(name)));
        pages[add] = new HelpPage("deploy proxy keys add NAME [OPTION...]")
        {
            Groups = [new HelpGroup("Options", [groups, config])],
            Examples = [("deploy proxy keys add ci --groups web,db >ci.key", "a key for two groups, into a file"), ("deploy proxy keys add dashboard", "a key that reads")],
        };
        pages[list] = new HelpPage("deploy proxy keys list [OPTION...]") { Groups = [new HelpGroup("Options", [config])], Examples = [("deploy proxy keys list", "of the proxy on this host")] };
        pages[revoke] = new HelpPage("deploy proxy keys revoke NAME [OPTION...]") { Groups = [new HelpGroup("Options", [config])], Examples = [("deploy proxy keys revoke ci", "the key ci opens nothing from now on")] };
        var command = new Command("keys", "Make, list and revoke API keys: for scripts that have no SSH key.") { add, list, revoke };
        pages[command] = new HelpPage("deploy proxy keys add|list|revoke [OPTION...]")
        {
            Examples = [("deploy proxy keys add ci --groups web", "prints a new key, once"), ("deploy proxy keys list", "which there are"), ("deploy proxy keys revoke ci", "takes one away")],
        };
        return command;
    }

    private static int Add(Terminal terminal, TimeProvider time, string config, string name, string? groups)
    {
        if (name.Length is 0 or > LongestName || !name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.') || !char.IsAsciiLetterOrDigit(name[0]))
        {
            throw new UserError($"'{SafeText.Of(name, LongestName)}' is no name for a key", ExitCodes.Usage, $"up to {LongestName} letters, digits, '-', '_' and '.', with a letter or a digit first");
        }

        var settings = Settings(config);
        string[] opened = groups?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct(StringComparer.Ordinal).ToArray() ?? [];
        if (opened.FirstOrDefault(group => !settings.Groups.ContainsKey(group)) is { } unknown)
        {
            string near = NearestName.Find(unknown, settings.Groups.Keys) is { } nearest ? $"; did you mean '{nearest}'?" : string.Empty;
            throw new UserError($"'{SafeText.Of(unknown)}' is no group of {SafeText.Of(config)}{near}", ExitCodes.Usage, settings.Groups.Count == 0 ? "it has none: write one in its [groups]" : $"its groups: {SafeText.Of(string.Join(", ", settings.Groups.Keys.Order(StringComparer.Ordinal)), 500)}");
        }

        string key = Prefix + Base32(RandomNumberGenerator.GetBytes(KeyBytes));
        new MadeKeysWriter(config).Change((text, made) =>
            settings.ApiKeys.Any(one => one.Name == name) || made.Any(one => one.Key.Name == name)
                ? throw new UserError($"there is a key {name} already, and no key is shown twice", ExitCodes.Failed, $"make one of another name, or take this one away first: deploy proxy keys revoke {name}")
                : MadeKeysFile.With(text, new ApiKey(name, ApiKey.HashOf(key), opened), time.GetUtcNow()));
        terminal.Out.WriteLine(key);
        terminal.WriteHint($"this is the key {name}, shown once; it {(opened.Length > 0 ? $"opens {string.Join(", ", opened)}" : "opens no group: it reads, and orders nothing")}, in a proxy that runs from now on");
        var (host, port) = InitOptions.At(settings, Surroundings.HostName);
        terminal.WriteHint($"a script asks: curl -k --pinnedpubkey {HostKeyPin.Of(settings.HostKeyFile, terminal)} -H 'Authorization: Bearer KEY' https://{LegacyRequest.Shown(host, port)}/v1/jobs");
        if (opened.Length > 0)
        {
            terminal.WriteHint("agents take its orders by v1 where their authorized_operators names the proxy's own key (deploy proxy init prints it); by the original's wire as before");
        }

        return ExitCodes.Ok;
    }

    private static int List(Terminal terminal, string config)
    {
        var settings = Settings(config);
        string path = MadeKeysFile.Beside(config);
        (string Name, string Groups, string Made, string Where)[] rows =
        [
            .. settings.ApiKeys.Select(key => (key.Name, Groups(key), "-", config)),
            .. MadeKeysWriter.Read(path).Select(one => (one.Key.Name, Groups(one.Key), one.Created ?? "-", path)),
        ];
        if (rows.Length == 0)
        {
            terminal.WriteHint("there are no API keys: deploy proxy keys add NAME --groups GROUP");
            return ExitCodes.Ok;
        }

        var (names, groups, made) = (Width(row => row.Name), Width(row => row.Groups), Width(row => row.Made));
        foreach (var row in rows)
        {
            terminal.Out.WriteLine(SafeText.Of($"{row.Name.PadRight(names)}  {row.Groups.PadRight(groups)}  {row.Made.PadRight(made)}  {row.Where}"));
        }

        terminal.WriteHint("what one ordered, and when: deploy audit show --who NAME");
        return ExitCodes.Ok;

        int Width(Func<(string Name, string Groups, string Made, string Where), string> of) => rows.Max(row => of(row).Length);
        static string Groups(ApiKey key) => key.Groups.Count > 0 ? string.Join(',', key.Groups) : "-";
    }

    private static int Revoke(Terminal terminal, TimeProvider time, string config, string name)
    {
        bool isGone = false;
        new MadeKeysWriter(config).Change((text, made) =>
        {
            if (made.FirstOrDefault(one => one.Key.Name == name) is not { } key)
            {
                return null;
            }

            isGone = true;
            return MadeKeysFile.Without(text, key, time.GetUtcNow())
                ?? throw new UserError($"the key {name} at {SafeText.Of(key.At.ToString())} has no table of its own", ExitCodes.Failed, "take it out there by hand");
        });
        if (isGone)
        {
            terminal.Out.WriteLine($"{name} is revoked: a proxy that runs takes it no more");
            return ExitCodes.Ok;
        }

        throw ProxyFile.Read(config, ProxyOverrides.None, RegularFile.Read) is ProxyConfig.Valid valid && valid.Settings.ApiKeys.Any(key => key.Name == name)
            ? new UserError($"the key {SafeText.Of(name)} stands in {SafeText.Of(config)}, which is yours to change", ExitCodes.Failed, $"take [api_keys.{SafeText.Of(name)}] out there, then reload the proxy: systemctl reload deploy-proxy")
            : new UserError($"there is no key '{SafeText.Of(name)}'", ExitCodes.Failed, "deploy proxy keys list");
    }

    private static ProxySettings Settings(string config) => ProxyFile.Read(config, ProxyOverrides.None, RegularFile.Read) switch
    {
        ProxyConfig.Valid valid => valid.Settings,
        ProxyConfig.Invalid invalid => throw new UserError(string.Join("\ndeploy: error: ", invalid.Errors), ExitCodes.Configuration, File.Exists(config) ? $"deploy check {SafeText.Of(config)}" : "write that file, or name another: --config FILE"),
        _ => throw new InvalidOperationException("not a ProxyConfig"),
    };

    private static string Base32(ReadOnlySpan<byte> bytes)
    {
        var text = new System.Text.StringBuilder();
        for (int bit = 0; bit < bytes.Length * 8; bit += 5)
        {
            int at = bit / 8;
            int two = (bytes[at] << 8) | (at + 1 < bytes.Length ? bytes[at + 1] : 0);
            text.Append(Alphabet[(two >> (11 - (bit % 8))) & 31]);
        }

        return text.ToString();
    }
}

using Deploy.Config;
using Deploy.Modes.Binding;
using Deploy.Modes.Binding.Toml;
using Deploy.Modes.Proxy.Ini;
using Deploy.Modes.Proxy.Keys;
using Deploy.Modes.Proxy.Toml;

namespace Deploy.Modes.Proxy;

/// <summary>The proxy's configuration file: which one, and in which dialect. A name that ends in <c>.toml</c> is TOML, any other the original's INI.</summary>
internal static class ProxyFile
{
    public const string TomlPath = "/etc/deploy/proxy.toml";

    /// <summary>Where the original's proxy looked. // original: deploy-proxy --path</summary>
    public const string LegacyPath = "/etc/deploy/deploy_proxy.ini";

    /// <summary>The file that was named, else ours where it is there, since somebody wrote that for this program, else the original's; whatever the program was called by.</summary>
    public static string Find(string? given) => given ?? (File.Exists(TomlPath) ? TomlPath : LegacyPath);

    /// <summary>The settings in this file with the command line over them, or every error in it.</summary>
    public static ProxyConfig Read(string path, ProxyOverrides overrides, Func<string, FileContent> read)
    {
        var config = TomlFile.IsNamed(path) ? ProxyTomlFile.Read(path, overrides, read) : ProxyIniFile.Read(path, overrides, read);
        return config is ProxyConfig.Valid valid ? WithMadeKeys(valid, MadeKeysFile.Beside(path), read) : config;
    }

    private static ProxyConfig WithMadeKeys(ProxyConfig.Valid valid, string path, Func<string, FileContent> read)
    {
        var report = new ConfigReport();
        var made = MadeKeysFile.Read(path, read, report);
        foreach (var twice in made.Where(one => valid.Settings.ApiKeys.Any(key => key.Name == one.Key.Name)))
        {
            report.Error(twice.At, $"the key {twice.Key.Name} stands in the proxy's configuration too: take it out of one of them");
        }

        var warnings = valid.Warnings.Where(warning => warning.What != ApiKeysTable.NoKeys || (made.Count == 0 && valid.Settings.LegacyPeers is not { Count: 0 }));
        ProxyConfig.Valid whole = new(valid.Settings with { MadeKeys = [.. made.Select(one => one.Key)], MadeKeysPath = path }, [.. warnings, .. report.Warnings], valid.Places);
        return report.Errors.Count > 0 ? new ProxyConfig.Invalid(report.Errors, valid.Warnings) : whole;
    }
}

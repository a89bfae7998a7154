using Deploy.Config;
using Deploy.Modes.Binding.Toml;
using Deploy.Modes.Proxy.Ini;
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
    public static ProxyConfig Read(string path, ProxyOverrides overrides, Func<string, FileContent> read) =>
        TomlFile.IsNamed(path) ? ProxyTomlFile.Read(path, overrides, read) : ProxyIniFile.Read(path, overrides, read);
}

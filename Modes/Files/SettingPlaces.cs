using Deploy.Modes.Binding.Toml;
using Deploy.Config;
using Deploy.Modes.Binding.Ini;

namespace Deploy.Modes.Files;

/// <summary>Where settings stand in a file, by their TOML names, whichever dialect it has.</summary>
internal static class SettingPlaces
{
    /// <summary>The places that binding remembered, <c>section.key</c> of INI files under the TOML name of that key; what has none is left out.</summary>
    public static IReadOnlyDictionary<string, Position> Of(string path, IniFileKind kind, IReadOnlyDictionary<string, Position> places)
    {
        if (TomlFile.IsNamed(path))
        {
            return places;
        }

        var named = new Dictionary<string, Position>(StringComparer.Ordinal);
        foreach (var (name, position) in places)
        {
            int dot = name.LastIndexOf('.');
            string section = name[..dot], key = name[(dot + 1)..];

            // The second file is bound with the first: an agent's jobs, with sections of any name, and a proxy's groups.
            if ((IniNames.TomlName(kind, section, key) ?? IniNames.TomlName(kind == IniFileKind.Agent ? IniFileKind.Jobs : IniFileKind.Api, section, key)) is { } toml)
            {
                named.TryAdd(toml, position);
            }
        }

        return named;
    }
}

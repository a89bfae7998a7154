namespace Deploy.Modes.Binding.Ini;

internal enum IniFileKind { Agent }

internal static class IniNames
{
    public static string? TomlName(IniFileKind kind, string section, string key) => null;
}

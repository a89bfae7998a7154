namespace Deploy.Modes.Binding;

/// <summary>Paths of settings.</summary>
internal static class ConfigPath
{
    /// <summary>True for a path from / on, without a part that is <c>..</c>.</summary>
    public static bool IsAbsolute(string path) => path.StartsWith('/') && !path.Split('/').Contains("..");
}

namespace Deploy.Jobs.Relay;

/// <summary>Whom a relayed order is for, as <c>args</c> says it: <c>hosts:a,b</c> or <c>groups:g,h</c>. Names, never patterns.</summary>
/// <param name="AreGroups">Whether these are groups.</param>
/// <param name="Names">As they came, without blanks around them; at least one.</param>
internal sealed record HostList(bool AreGroups, IReadOnlyList<string> Names)
{
    /// <summary>Reads <c>args</c>: parted at the first colon, then by commas, what is blank left out; the two words in any case. False for anything else, and for an empty list.</summary>
    public static bool TryParse(string args, out HostList list)
    {
        int colon = args.IndexOf(':', StringComparison.Ordinal);
        string kind = colon < 0 ? string.Empty : args[..colon].Trim();
        bool groups = kind.Equals("groups", StringComparison.OrdinalIgnoreCase);
        string[] names = groups || kind.Equals("hosts", StringComparison.OrdinalIgnoreCase)
            ? args[(colon + 1)..].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            : [];
        list = new HostList(groups, names);
        return names.Length > 0;
    }
}

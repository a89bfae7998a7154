namespace Deploy.Rsync;

/// <summary>The parts of an origin, for texts that name them; rsync reads the origin itself.</summary>
/// <param name="Kind">How rsync gets there.</param>
/// <param name="Host">The host without a user name; empty for a local path.</param>
/// <param name="Port">The daemon's port where the origin names one, else 873; 0 unless <paramref name="Kind"/> is a daemon.</param>
/// <param name="Module">The daemon's module, or empty.</param>
/// <param name="Path">The path in the module, at the host or here; may be empty.</param>
internal sealed record Origin(OriginKind Kind, string Host, int Port, string Module, string Path)
{
    private const int DaemonPort = 873; // IANA, rsync

    /// <summary>False where it may be a single file, which may become a file at the target; true for a module's or a directory's content.</summary>
    public bool IsSurelyDirectory => Path.EndsWith('/') || (Kind == OriginKind.Daemon ? Path.Length == 0 : Path.Length > 0 && Path.EndsWith("/.", StringComparison.Ordinal));

    /// <summary>Reads an origin as rsync does (options.c, check_for_hostspec): a colon before the first slash means another host.</summary>
    public static Origin Read(string origin)
    {
        const string Scheme = "rsync://";
        if (origin.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            string[] parts = origin[Scheme.Length..].Split('/', 3);
            string host = WithoutUser(parts[0]);
            int colon = host.LastIndexOf(':');
            int port = DaemonPort;
            if (colon > host.LastIndexOf(']') && int.TryParse(host.AsSpan(colon + 1), out int named))
            {
                port = named;
                host = host[..colon];
            }

            return new Origin(OriginKind.Daemon, Bare(host), port, parts.ElementAtOrDefault(1) ?? string.Empty, parts.ElementAtOrDefault(2) ?? string.Empty);
        }

        int slash = origin.IndexOf('/', StringComparison.Ordinal);
        int bracket = origin.IndexOf(']', StringComparison.Ordinal);
        int end = origin.IndexOf(':', origin.Contains('[', StringComparison.Ordinal) && bracket >= 0 ? bracket : 0);
        if (end < 0 || (slash >= 0 && slash < end))
        {
            return new Origin(OriginKind.Local, string.Empty, 0, string.Empty, origin);
        }

        string name = Bare(WithoutUser(origin[..end]));
        if (end + 1 < origin.Length && origin[end + 1] == ':')
        {
            string[] parts = origin[(end + 2)..].Split('/', 2);
            return new Origin(OriginKind.Daemon, name, DaemonPort, parts[0], parts.ElementAtOrDefault(1) ?? string.Empty);
        }

        return new Origin(OriginKind.RemoteShell, name, 0, string.Empty, origin[(end + 1)..]);
    }

    private static string WithoutUser(string host) => host[(host.LastIndexOf('@') + 1)..];

    private static string Bare(string host) => host.Trim('[', ']');
}

/// <summary>How rsync gets to an origin.</summary>
internal enum OriginKind
{
    /// <summary>A path of this host.</summary>
    Local,

    /// <summary>An rsync daemon.</summary>
    Daemon,

    /// <summary>rsync at the other end of a remote shell.</summary>
    RemoteShell,
}

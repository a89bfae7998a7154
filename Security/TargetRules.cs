namespace Deploy.Security;

/// <summary>Whether a directory may be written: it must lie at or below one of the allowed roots, by its components and by where links really lead.</summary>
/// <remarks>The original took each root as a regular expression and let <c>..</c> through; neither is reproduced.</remarks>
internal sealed class TargetRules
{
    private readonly List<string> roots = [];

    /// <param name="allowedPaths">Absolute directories; none means that no target is allowed.</param>
    public TargetRules(IEnumerable<string> allowedPaths)
    {
        foreach (string path in allowedPaths)
        {
            if (TryNormalise(path, out string? root))
            {
                roots.Add(root);
            }
        }
    }

    /// <summary>Checks one target.</summary>
    /// <param name="target">As it stands in the configuration or in the request.</param>
    /// <param name="configured">True for a sync group's own target, which may go through links that root owns; a path in a request may go through none.</param>
    public TargetVerdict Check(string target, bool configured)
    {
        if (!TryNormalise(target, out string? path))
        {
            return new TargetVerdict.Refused("it is not an absolute path without '..' and control characters");
        }

        // The longest root decides, since links below it are what has to be looked at.
        string? root = roots.Where(r => IsBelow(path, r)).MaxBy(r => r.Length);
        if (root is null)
        {
            return new TargetVerdict.Refused("it lies below none of the allowed paths");
        }

        for (int end = root.Length; end < path.Length;)
        {
            int next = path.IndexOf('/', end + 1);
            end = next < 0 ? path.Length : next;
            var entry = FileFacts.Of(path[..end]);
            if (entry is null)
            {
                break;
            }

            if (entry.Value.IsLink && !(configured && entry.Value.OwnerId == 0))
            {
                return new TargetVerdict.Refused($"{path[..end]} is a symbolic link{(configured ? " that root does not own" : string.Empty)}");
            }
        }

        return new TargetVerdict.Allowed(FileFacts.RealPath(path));
    }

    /// <summary>True for the directory itself and what lies below it, by components: <c>/srv/ab</c> is not below <c>/srv/a</c>. Both without a slash at the end.</summary>
    public static bool IsBelow(string path, string root) =>
        root == "/" || path == root || (path.StartsWith(root, StringComparison.Ordinal) && path[root.Length] == '/');

    /// <summary>Slashes and single dots collapsed, none at the end; false for relative, empty, with <c>..</c> or a control character.</summary>
    private static bool TryNormalise(string path, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out string? normal)
    {
        normal = null;
        if (!path.StartsWith('/') || path.Any(char.IsControl))
        {
            return false;
        }

        var parts = path.Split('/').Where(part => part is not ("" or ".")).ToList();
        if (parts.Contains(".."))
        {
            return false;
        }

        normal = "/" + string.Join('/', parts);
        return true;
    }
}

/// <summary>What <see cref="TargetRules"/> says of a target.</summary>
internal abstract record TargetVerdict
{
    private TargetVerdict()
    {
    }

    /// <summary>It may be written.</summary>
    /// <param name="RealPath">Where it really is, links resolved: two names of one directory have the same.</param>
    internal sealed record Allowed(string RealPath) : TargetVerdict;

    /// <summary>It may not; <paramref name="Reason"/> is for the log.</summary>
    internal sealed record Refused(string Reason) : TargetVerdict;
}

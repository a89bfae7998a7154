using Deploy.Model.Targets;
using Deploy.Security.Targets;

namespace Deploy.Security;

/// <summary>Whether a directory may be written: it must lie at or below one of the allowed roots, by its components and by where links really lead.</summary>
/// <remarks>The original took each root as a regular expression and let <c>..</c> through; neither is reproduced.</remarks>
internal sealed class TargetRules
{
    private const string OutsideRoots = "it lies below none of the allowed paths";

    /// <summary>Letters of a path, each a byte at least: PATH_MAX without its zero, linux/limits.h. Looking where a path leads costs its length for each of its parts.</summary>
    private const int MaxLetters = 4095;

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
            return new TargetVerdict.Refused($"it is not an absolute path without '..' and control characters, of at most {MaxLetters} letters");
        }

        if (RootOf(path) is not { } root)
        {
            return new TargetVerdict.Refused(OutsideRoots);
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

    /// <summary>Opens a target by the same rules, right before it is used; what is opened is then used, not the path.</summary>
    /// <param name="target">As it was checked.</param>
    /// <param name="configured">As it was checked.</param>
    /// <param name="realPath">Where the check found it: a link that leads elsewhere since is refused, because what was counted was counted there.</param>
    public TargetHold Open(string target, bool configured, string realPath)
    {
        if (!TryNormalise(target, out string? path) || RootOf(path) is not { } root)
        {
            return new TargetHold.Refused(OutsideRoots);
        }

        var hold = TargetWalk.Open(root, path, throughRootsLinks: configured);
        if (hold is not TargetHold.Held held)
        {
            return hold;
        }

        string? real = DirectoryCalls.PathOf(held.Directory);
        string now = held.Rest.Count == 0 ? real ?? string.Empty : $"{real?.TrimEnd('/')}/{string.Join('/', held.Rest)}";
        if (now == realPath)
        {
            return held;
        }

        held.Directory.Dispose();
        return new TargetHold.Refused(real is null ? "where it really is cannot be told: is /proc mounted?" : $"it was {realPath} when the order came and is {now} now");
    }

    /// <summary>The longest root decides, since links below it are what has to be looked at; null where it lies below none.</summary>
    private string? RootOf(string path) => roots.Where(root => IsBelow(path, root)).MaxBy(root => root.Length);

    /// <summary>True for the directory itself and what lies below it, by components: <c>/srv/ab</c> is not below <c>/srv/a</c>. Both without a slash at the end.</summary>
    public static bool IsBelow(string path, string root) =>
        root == "/" || path == root || (path.StartsWith(root, StringComparison.Ordinal) && path[root.Length] == '/');

    /// <summary>Slashes and single dots collapsed, none at the end; false for relative, empty, too long, with <c>..</c> or a control character.</summary>
    private static bool TryNormalise(string path, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out string? normal)
    {
        normal = null;
        if (!path.StartsWith('/') || path.Length > MaxLetters || path.Any(char.IsControl))
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

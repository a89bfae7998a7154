using System.Runtime.InteropServices;
using Deploy.Model.Targets;
using Microsoft.Win32.SafeHandles;

namespace Deploy.Security.Targets;

/// <summary>
/// From an allowed root down to a target, holding each directory open: in one openat2(2) where the whole path is there and has no link, else name by name, where nothing but the
/// names that were looked at is gone through either.
/// </summary>
internal static class TargetWalk
{
    private const int MostLinks = 40; // the kernel's own limit, namei.c, MAXSYMLINKS

    /// <param name="root">The allowed root, normal; how it is reached is the configuration's word, links and all.</param>
    /// <param name="path">The target, normal, the root or below it.</param>
    /// <param name="throughRootsLinks">Whether links that root owns may be gone through, wherever they lead.</param>
    public static TargetHold Open(string root, string path, bool throughRootsLinks)
    {
        string[] names = Names(path[(root == "/" ? 0 : root.Length)..]);
        if (OpenRoot(root, out var missing, out int errno) is not { } at)
        {
            return Failed(root, errno);
        }

        if (missing.Count == 0 && names.Length == 0)
        {
            return new TargetHold.Held(at, [], IsFile: false);
        }

        if (missing.Count == 0 && DirectoryCalls.OpenBeneath(at, string.Join('/', names), out _) is { } target)
        {
            at.Dispose();
            return new TargetHold.Held(target, [], IsFile: false);
        }

        return Walk(at, new LinkedList<string>([.. missing, .. names]), throughRootsLinks);
    }

    /// <summary>The root, or the deepest directory above it that is there, and the names from there to the root.</summary>
    private static SafeFileHandle? OpenRoot(string root, out List<string> missing, out int errno)
    {
        missing = [];
        for (string existing = root; ;)
        {
            var handle = DirectoryCalls.OpenDirectory(existing, out errno);
            if (handle is not null || existing == "/" || errno is not (DirectoryCalls.ENOENT or DirectoryCalls.ENOTDIR))
            {
                return handle;
            }

            int slash = existing.LastIndexOf('/');
            missing.Insert(0, existing[(slash + 1)..]);
            existing = slash == 0 ? "/" : existing[..slash];
        }
    }

    /// <param name="at">Where to begin; closed here or handed on.</param>
    /// <param name="pending">The names to go.</param>
    /// <param name="throughRootsLinks">See <see cref="Open"/>.</param>
    private static TargetHold Walk(SafeFileHandle at, LinkedList<string> pending, bool throughRootsLinks)
    {
        int links = 0;
        try
        {
            while (pending.First is { Value: var name })
            {
                var entry = DirectoryCalls.OpenEntry(at, name, out int errno);
                if (entry is null)
                {
                    return errno != DirectoryCalls.ENOENT || pending.Contains("..") ? Failed(Shown(at, name), errno) : Hold(ref at, pending, isFile: false);
                }

                var (isDirectory, isLink, owner) = DirectoryCalls.FactsOf(entry);
                if (isDirectory)
                {
                    at.Dispose();
                    at = entry;
                    pending.RemoveFirst();
                    continue;
                }

                using (entry)
                {
                    if (!isLink)
                    {
                        return pending.Contains("..") ? Failed(Shown(at, name), DirectoryCalls.ENOTDIR) : Hold(ref at, pending, isFile: true);
                    }

                    if (!(throughRootsLinks && owner == 0))
                    {
                        return new TargetHold.Refused($"{Shown(at, name)} is a symbolic link{(throughRootsLinks ? " that root does not own" : string.Empty)}");
                    }

                    if (DirectoryCalls.LinkTextOf(entry) is not { } text || ++links > MostLinks)
                    {
                        return new TargetHold.Refused($"{Shown(at, name)} is a symbolic link that leads nowhere");
                    }

                    pending.RemoveFirst();
                    foreach (string part in Names(text).AsEnumerable().Reverse())
                    {
                        pending.AddFirst(part);
                    }

                    if (text.StartsWith('/'))
                    {
                        at.Dispose();
                        at = DirectoryCalls.OpenDirectory("/", out _)!;
                    }
                }
            }

            return Hold(ref at, pending, isFile: false);
        }
        finally
        {
            at?.Dispose();
        }
    }

    /// <summary>Hands the directory on.</summary>
    private static TargetHold.Held Hold(ref SafeFileHandle at, IEnumerable<string> rest, bool isFile)
    {
        var held = new TargetHold.Held(at, [.. rest], isFile);
        at = null!;
        return held;
    }

    private static string[] Names(string path) => [.. path.Split('/').Where(part => part is not ("" or "."))];

    private static string Shown(SafeFileHandle at, string name) => $"{DirectoryCalls.PathOf(at)?.TrimEnd('/')}/{name}";

    private static TargetHold.Refused Failed(string path, int errno) => new($"{path} cannot be opened: {Marshal.GetPInvokeErrorMessage(errno)}");
}

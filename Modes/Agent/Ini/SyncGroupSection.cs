using Deploy.Config;
using Deploy.Config.Ini;
using Deploy.Jobs;
using Deploy.Jobs.Commands;
using Deploy.Jobs.Syncs;
using Deploy.Modes.Binding;
using Deploy.Modes.Binding.Ini;

namespace Deploy.Modes.Agent.Ini;

/// <summary>
/// Binds one <c>[rsync::group::NAME]</c>. Here <c>dest</c> is what is read and <c>src</c> the directory that is written, the original's words; nowhere else.
/// </summary>
/// <remarks>
/// The original put these values on a shell's command line, so they are split as a shell splits them (<see cref="WordValue"/>). A pattern with blanks,
/// unquoted, was more than one argument there: <c>exclude[] = .git --exclude=.svn</c> left out both, and taking it for one pattern would have <c>.git</c> deleted.
/// Further words are taken where they are patterns of the same kind, and are an error where they were anything else.
/// </remarks>
internal static class SyncGroupSection
{
    /// <summary>The group; what is wrong with it is reported. One without dest or src is loaded all the same: an order for it answers 400.</summary>
    /// <param name="section">Its section.</param>
    /// <param name="name">Its name, the part behind the prefix.</param>
    /// <param name="allowedPaths">The roots of <c>[allow::paths]</c>, for options that name directories.</param>
    /// <param name="report">Takes errors and warnings.</param>
    public static SyncGroup Bind(IniSection section, string name, IReadOnlyList<string> allowedPaths, ConfigReport report)
    {
        var binder = new SectionBinder(section.Name, section, report);
        binder.WithoutEffect("queue_path", "pids are not kept in files");
        var words = new WordValue(report);
        string? dest = words.One("dest", binder.Kept("dest"));
        var targetAt = binder.Kept("src");
        string? src = words.One("src", targetAt);
        string? rsync = words.One("rsync", binder.Scalar("rsync"));
        string? rsh = words.Whole("rsh", binder.Scalar("rsh"));
        var options = words.All("option[]", binder.List("option"));
        var excludes = words.Patterns("exclude", binder.List("exclude"));
        var includes = words.Patterns("include", binder.List("include"));
        binder.WarnOfUnknownKeys();

        WarnOfMissing(section, name, dest, src, report);
        if (src is { Length: > 0 } && !src.StartsWith('/'))
        {
            report.Warn(targetAt!.Value.Position, $"src is '{src}': not an absolute path, every order for it is refused");
        }

        foreach (var found in DeniedOptions.Find(options?.Select(option => option.Value).ToList() ?? [], allowedPaths))
        {
            report.Warn(options![found.Index].Position, found.IsTakenOut
                ? $"the option '{options[found.Index].Value}' is taken out: it {found.Why}"
                : $"the option '{options[found.Index].Value}' {found.Why}: check that it must be there");
        }

        var group = new SyncGroup
        {
            Name = name,
            Origin = dest ?? string.Empty,
            Target = src ?? string.Empty,
            Rsh = rsh,
            Options = options?.Select(option => option.Value).ToList(),
            Excludes = excludes,
            Includes = includes,
        };
        return rsync is { Length: > 0 } ? group with { Rsync = rsync } : group;
    }

    private static void WarnOfMissing(IniSection section, string name, string? dest, string? src, ConfigReport report)
    {
        if (name.Length == 0)
        {
            report.Warn(section.Position, "a sync group without a name can never be ordered");
        }
        else if (name.AsSpan().IndexOfAny(',', '|') >= 0)
        {
            report.Warn(section.Position, $"the sync group '{name}' can never be ordered: an order takes the comma or bar for ORIGIN,TARGET");
        }

        string missing = (dest, src) switch
        {
            ("", "") => "dest and src",
            ("", _) => "dest",
            (_, "") => "src",
            _ => string.Empty,
        };
        if (missing.Length > 0)
        {
            report.Warn(section.Position, $"the sync group '{name}' has no {missing}: every order for it is refused (400)");
        }
    }
}

using System.Globalization;

namespace Deploy.Rsync.Arguments;

/// <summary>The words after <c>rsync</c> for one call, and what the operator should hear about them.</summary>
internal sealed record ArgumentList
{
    /// <summary>Code (11 characters), size, name, link: what <see cref="Output.ChangeLine"/> reads.</summary>
    public const string OutFormat = "%i %l %n%L";

    /// <summary>The same with the time at the origin before the name.</summary>
    public const string TimedFormat = "%i %l %M %n%L";

    /// <summary>What <c>--verbose</c> stands for in rsync 3.1 and later (options.c, info_verbosity), said again because a group's <c>--info</c> beats it.</summary>
    private const string VerboseInfo = "copy1,del1,misc1,name1,stats2,symsafe1";

    /// <summary>Before the group's options, so that a --sockopts of theirs wins.</summary>
    /// <remarks>rsync asks and answers in small writes: with Nagle's algorithm each waits for the 40 ms of a late acknowledgement.</remarks>
    public const string WithoutDelay = "--sockopts=TCP_NODELAY";

    /// <summary>argv without argv[0].</summary>
    public required IReadOnlyList<string> Words { get; init; }

    /// <summary>What was changed in the group's options, a line each; empty when nothing was.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>Why this call must not be run, or null.</summary>
    public required Diagnosis? Problem { get; init; }

    /// <param name="call">The call.</param>
    /// <param name="version">Of the rsync that takes them.</param>
    /// <param name="operand">The target below the directory that rsync starts in; null starts it in <c>/</c> with the call's own. Relative paths of the options mean what they mean in <c>/</c> all the same.</param>
    public static ArgumentList For(SyncCall call, RsyncVersion version, string? operand = null)
    {
        var options = OptionWords.Read(call.Options ?? []);
        var origin = Origin.Read(call.Origin);

        // legacy.md, "Programs and options": the order of the original's command line, for filters the order has a meaning.
        List<string> words = ["--stats", "--verbose"];
        if (call.Options is null)
        {
            words.AddRange(SyncCall.DefaultOptions);
        }

        if (call.DryRun)
        {
            words.Add("--dry-run");
        }

        if (call.Rsh is not null)
        {
            words.Add("--rsh=" + call.Rsh);
        }

        words.AddRange(call.Protect.Select(pattern => "--filter=P " + pattern));
        words.AddRange(call.Excludes.Select(pattern => "--exclude=" + pattern));
        words.AddRange(call.Includes.Select(pattern => "--include=" + pattern));
        words.AddRange(origin.Kind == OriginKind.Daemon ? [WithoutDelay] : []);
        words.AddRange(operand is null ? options.Words : FileValues.FromRoot(options.Words));
        AddOurs(words, call, version, options);
        bool isRelative = origin.Kind == OriginKind.Local && !call.Origin.StartsWith('/') && call.Origin.Length > 0;
        words.AddRange(["--", operand is not null && isRelative ? "/" + call.Origin : call.Origin, operand ?? call.Target]);

        return new ArgumentList
        {
            Words = words,
            Warnings = [.. options.TakenOut.Select(word => $"option {word} of the group was left out: it would change or hide what rsync reports")],
            Problem = ProblemOf(call, options, words),
        };
    }

    /// <summary>Ours come after the group's, so that ours win.</summary>
    private static void AddOurs(List<string> words, SyncCall call, RsyncVersion version, OptionWords options)
    {
        words.AddRange(["--no-v", "--verbose", "--no-i", "--no-progress", "--stats", "--no-human-readable", "--no-motd"]);
        if (!options.SetsTimeout)
        {
            long seconds = Math.Max(1, (long)Math.Ceiling(call.IoTimeout.TotalSeconds)); // 0 would mean none
            words.Add("--timeout=" + seconds.ToString(CultureInfo.InvariantCulture));
        }

        words.AddRange(call.Protect.Select(pattern => "--filter=P " + pattern)); // again: a rule '!' of the group clears those before it
        words.AddRange(call.SafeLinks ? ["--safe-links"] : []);
        words.AddRange(call.Devices ? [] : ["--no-devices", "--no-specials"]);
        words.AddRange(call.DelayUpdates ? ["--delay-updates"] : []);
        words.AddRange(call.PasswordFile is { } file ? ["--password-file=" + file] : []);
        words.AddRange(MaxDelete(call, options) is { } most ? ["--max-delete=" + most.ToString(CultureInfo.InvariantCulture)] : []);
        words.AddRange(call.DeleteLate && !call.DryRun && Deletion.Of(call.Options) is { Deletes: true, SaysWhen: false } ? ["--delete-delay"] : []);
        words.AddRange(call.TopOnly ? ["--no-recursive", "--dirs"] : []);
        words.Add("--out-format=" + (call.Changes == ChangeReport.Lines ? TimedFormat : OutFormat));
        if (version.HasInfo && options.SetsInfo)
        {
            words.Add("--info=" + VerboseInfo);
        }

        if (!call.DryRun)
        {
            words.AddRange(version.HasInfo ? ["--outbuf=L", "--info=progress2,flist0"] : ["--progress"]);
        }
    }

    /// <summary>The number of ours, null for none: never more than the group's own, but for a dry run that counts.</summary>
    private static int? MaxDelete(SyncCall call, OptionWords options) => call.DryRun
        ? call.CountsAll && options.MaxDelete is not null ? int.MaxValue : null
        : call.MaxDelete is { } ours ? Math.Min(ours, options.MaxDelete ?? int.MaxValue) : null;

    private static Diagnosis? ProblemOf(SyncCall call, OptionWords options, List<string> words)
    {
        if (options.WithoutValue is { } word)
        {
            return new Diagnosis(Fault.Configuration, $"option {word} of the group has no value", "give it one in the group's options, or take it out");
        }

        if (options.SetsDryRun && !call.DryRun)
        {
            return new Diagnosis(Fault.Configuration, "the group's options ask for a dry run (-n), so a sync of it would write nothing", "take -n or --dry-run out of the group's options; the status and rlist orders are dry runs already");
        }

        // An empty origin is rsync's current directory; an empty, relative or remote target would write where nobody said.
        if (call.Origin.Length == 0)
        {
            return new Diagnosis(Fault.Configuration, "the origin is empty", "name what is to be read: host::module/path, rsync://host/module/path or a local path");
        }

        if (!call.Target.StartsWith('/'))
        {
            return new Diagnosis(Fault.Configuration, $"target '{call.Target}' is no absolute path of this host", "name the local directory that is written, from / on");
        }

        return words.Exists(argument => argument.Contains('\0', StringComparison.Ordinal))
            ? new Diagnosis(Fault.Configuration, "an argument for rsync holds a NUL byte", "take it out of the origin, the target or the group's patterns and options")
            : null;
    }
}

using Deploy.Model.Targets;
using Deploy.Model.Text;
using Deploy.Processes.Native;
using Deploy.Rsync.Arguments;
using Deploy.Rsync.Meaning;
using Microsoft.Win32.SafeHandles;

namespace Deploy.Rsync.Targets;

/// <summary>How one run uses its target: the directory that rsync starts in, and what it is told to write there. Dispose after the start; <see cref="Ended"/> after the end.</summary>
/// <remarks>
/// A target that is a directory is <c>.</c> and nothing else: rsync enters <c>./</c> or any other name by its whole path, which may lead elsewhere by then (util1.c, change_dir).
/// Only what may be a file, or is not there in a dry run, is named below its directory.
/// </remarks>
internal sealed class TargetUse : IDisposable
{
    private readonly SafeFileHandle? _parent;
    private readonly string? _made;

    private TargetUse(SafeFileHandle directory, string operand, SafeFileHandle? parent = null, string? made = null) =>
        (Directory, Operand, _parent, _made) = (directory, operand, parent, made);

    /// <summary>Where rsync starts.</summary>
    public SafeFileHandle Directory { get; }

    /// <summary>What rsync is told as its target.</summary>
    public string Operand { get; }

    /// <summary>The target was not there, and was made for this run.</summary>
    public bool IsMade => _made is not null;

    /// <summary>Opens, and but for a dry run makes, the target of a call; null with the reason. Nothing is made where the reason is given.</summary>
    public static TargetUse? Open(SyncCall call, out Diagnosis? problem)
    {
        var hold = call.Hold is { } open ? open() : HeldPath.Follow(call.Target);
        if (hold is not TargetHold.Held held)
        {
            problem = TargetDiagnoser.NotHeld(call.Target, ((TargetHold.Refused)hold).Reason);
            return null;
        }

        var use = Of(call, held, out problem);
        if (use?.Directory != held.Directory && use?._parent != held.Directory)
        {
            held.Directory.Dispose();
        }

        return use;
    }

    public void Dispose() => Directory.Dispose();

    /// <summary>After the run: what was made for it and got nothing goes again, as if rsync had not come so far.</summary>
    public void Ended(SyncOutcome outcome)
    {
        if (_made is not null && outcome is SyncOutcome.Failed or SyncOutcome.Cancelled)
        {
            HeldPath.RemoveIfEmpty(_parent!, _made);
        }

        _parent?.Dispose();
    }

    private static TargetUse? Of(SyncCall call, TargetHold.Held held, out Diagnosis? problem)
    {
        problem = null;
        if (held.Rest.Count == 0)
        {
            return new TargetUse(held.Directory, ".");
        }

        bool slash = call.Target.EndsWith('/');
        bool mkpath = call.Options?.Contains("--mkpath") == true;
        problem = held.Rest.Count == 1 ? null : held.IsFile ? TargetDiagnoser.PartIsFile(call.Target) : mkpath ? null : TargetDiagnoser.NoParent(call.Target);
        if (problem is not null)
        {
            return null;
        }

        if (held.IsFile || call.DryRun)
        {
            return new TargetUse(held.Directory, $"./{string.Join('/', held.Rest)}{(slash ? "/" : string.Empty)}");
        }

        bool mayBeFile = !slash && !Origin.Read(call.Origin).IsSurelyDirectory;
        return Make(call, held, mayBeFile, out problem);
    }

    /// <summary>Makes all that is missing but, where the target may become a file, the last name.</summary>
    private static TargetUse? Make(SyncCall call, TargetHold.Held held, bool mayBeFile, out Diagnosis? problem)
    {
        problem = null;
        var at = held.Directory;
        int last = held.Rest.Count - 1;
        for (int i = 0; i <= last - (mayBeFile ? 1 : 0); i++)
        {
            if (HeldPath.Make(at, held.Rest[i], out int errno) is not { } made)
            {
                problem = TargetDiagnoser.NotMade(call.Target, errno);
                Close(at);
                return null;
            }

            if (i == last)
            {
                return new TargetUse(made, ".", at, held.Rest[last]);
            }

            Close(at);
            at = made;
        }

        return new TargetUse(at, "./" + held.Rest[last]);

        void Close(SafeFileHandle directory)
        {
            if (directory != held.Directory)
            {
                directory.Dispose();
            }
        }
    }
}

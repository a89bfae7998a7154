using System.Collections.Concurrent;
using Deploy.Logs;
using Deploy.Processes.Native;
using Deploy.Processes.Table;

namespace Deploy.Processes.Leftovers;

/// <summary>The records of this daemon's running children, and those that an earlier one left.</summary>
internal sealed class ChildRecords : IDisposable
{
    private readonly RecordsDirectory _directory;
    private readonly string _boot;
    private readonly ILog _log;
    private readonly ConcurrentDictionary<string, bool> _own = new(StringComparer.Ordinal);
    private bool _complained;

    private ChildRecords(RecordsDirectory directory, string boot, ILog log) => (_directory, _boot, _log) = (directory, boot, log);

    /// <summary>This run of the machine; see <see cref="BootMark"/>.</summary>
    public string Boot => _boot;

    /// <summary>Null, with one warning in the log, where records cannot be kept: the daemon works without.</summary>
    public static ChildRecords? TryOpen(string path, ILog log)
    {
        string? boot = BootMark.Read();
        string reason = "/proc does not tell the boot id";
        var directory = boot is null ? null : RecordsDirectory.TryOpen(path, out reason);
        if (directory is null)
        {
            log.Warning($"no records of running children in {path}: {reason}; if the daemon is killed, the next one will not find and stop what it left");
            return null;
        }

        return new ChildRecords(directory, boot!, log);
    }

    /// <summary>Right after the start, while the process is there for sure (it is ours and not reaped).</summary>
    public void Write(int pid, ChildStart start)
    {
        string name = ChildRecord.FileNameOf(pid);
        _own[name] = true; // Before the file is there, so that nobody takes it for a leftover.
        int errno = Libc.ESRCH;
        if (ProcessTable.TryRead(pid, out var stat))
        {
            var record = new ChildRecord
            {
                Pid = pid,
                StartTicks = stat.StartTicks,
                Boot = _boot,
                MayLeaveProcesses = start.MayLeaveProcesses,
                Program = start.Program,
            };
            errno = _directory.Write(name, record.ToBytes());
        }

        if (errno != 0 && !_complained)
        {
            _complained = true;
            _log.Warning($"no record of pid {pid} could be written ({Libc.ErrorText(errno)}); said once");
        }
    }

    /// <summary>After the reap.</summary>
    public void Remove(int pid)
    {
        string name = ChildRecord.FileNameOf(pid);
        _directory.Remove(name);
        _own.TryRemove(name, out _);
    }

    /// <summary>The records that this daemon did not write. Files that are none are said in the log; torn ones of ours are removed, foreign ones left.</summary>
    public IReadOnlyList<ChildRecord> ReadLeftovers()
    {
        var found = new List<ChildRecord>();
        Span<byte> buffer = stackalloc byte[ChildRecord.LimitBytes + 1];
        foreach (string name in _directory.Names())
        {
            int length = _directory.Read(name, buffer);
            var record = length < 0 ? null : ChildRecord.TryParse(buffer[..length]);
            if (_own.ContainsKey(name) || _own.ContainsKey(WithoutTemporary(name)))
            {
                continue; // Looked up after reading: written meanwhile is ours too.
            }

            if (record is not null && record.FileName == name)
            {
                found.Add(record);
            }
            else if (IsOfOurShape(name))
            {
                _log.Warning($"the record {name} of an earlier daemon is torn: removed, what it meant is not looked for");
                _directory.Remove(name);
            }
            else
            {
                _log.Warning($"a file that is no record stands among the records of children and is left alone: {name}");
            }
        }

        return found;
    }

    /// <summary>The leftover is dealt with.</summary>
    public void Forget(ChildRecord record)
    {
        if (!_own.ContainsKey(record.FileName)) // Else a new child of ours has its pid by now, and its record that name.
        {
            _directory.Remove(record.FileName);
        }
    }

    public void Dispose() => _directory.Dispose();

    private static string WithoutTemporary(string name) => name.EndsWith(".tmp", StringComparison.Ordinal) ? name[..^4] : name;

    /// <summary>PID.child or PID.child.tmp.</summary>
    private static bool IsOfOurShape(string name)
    {
        string pid = Path.GetFileNameWithoutExtension(WithoutTemporary(name));
        return WithoutTemporary(name).EndsWith(ChildRecord.Extension, StringComparison.Ordinal) && pid.Length > 0 && pid.All(char.IsAsciiDigit);
    }
}

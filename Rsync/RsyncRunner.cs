using System.Collections.Concurrent;
using Deploy.Logs;
using Deploy.Processes;
using Deploy.Rsync.Arguments;
using Deploy.Rsync.Meaning;
using Deploy.Rsync.Targets;

namespace Deploy.Rsync;

/// <summary>Runs rsync: arguments, child, output, meaning.</summary>
internal sealed class RsyncRunner
{
    private static readonly TimeSpan VersionTimeout = TimeSpan.FromSeconds(60); // rsync --version takes milliseconds; a host on its knees tens of seconds

    private const int MostSaid = 1000; // requests may name targets without end

    private readonly Children _children;
    private readonly ILog _log;
    private readonly IReadOnlyDictionary<string, string> _environment;
    private readonly RsyncVersions _versions;
    private readonly ConcurrentDictionary<string, bool> _said = new(StringComparer.Ordinal);

    /// <param name="children">Starts and stops rsync.</param>
    /// <param name="log">Says what was run and how it ended, in our words alone.</param>
    public RsyncRunner(Children children, ILog log)
    {
        _children = children;
        _log = log;
        _environment = RsyncEnvironment.OfThisHost();
        _versions = new RsyncVersions(children, _environment, VersionTimeout);
    }

    /// <summary>The version of a binary on this host, or why it cannot be used; asked once for as long as the file stays the same.</summary>
    public Task<RsyncFound> FindVersionAsync(string program) => _versions.FindAsync(program);

    /// <summary>Starts one run. Never throws for what rsync or the host does wrong: a run that could not start has ended already, with its diagnosis.</summary>
    public async Task<RsyncRun> StartAsync(SyncCall call)
    {
        var found = await _versions.FindAsync(call.Program);
        if (found.Version is not { } version)
        {
            return NotRun(found.Problem!);
        }

        if (ArgumentList.For(call, version).Problem is { } wrong)
        {
            return NotRun(wrong);
        }

        using var target = TargetUse.Open(call, out var problem);
        if (target is null)
        {
            return NotRun(problem!);
        }

        var arguments = ArgumentList.For(call, version, target.Operand);
        var output = new RunOutput(call.KeepNames, progressPerFile: !version.HasInfo, call.Changes, CreatedTarget.Of(call.Target, target.IsMade));
        var start = await _children.StartAsync(new ChildStart
        {
            Program = call.Program,
            Arguments = arguments.Words,
            Environment = _environment,
            Directory = target.Directory,
            Confinement = Confining.Of(call, target, Say),
            Output = output,
        });
        if (start is ChildStartResult.NotStarted no)
        {
            target.Ended(SyncOutcome.Failed);
            return NotRun(StartDiagnoser.NotStarted(call.Program, no.Errno, no.Reason));
        }

        var child = ((ChildStartResult.Started)start).Child;
        _log.Info($"rsync {version} runs as process {child.Pid}{(call.DryRun ? " (dry run)" : string.Empty)}");
        return new RsyncRun(child, output, FinishAsync(call, version, arguments, child, output, target));
    }

    private async Task<SyncResult> FinishAsync(SyncCall call, RsyncVersion version, ArgumentList arguments, Child child, RunOutput output, TargetUse target)
    {
        var exit = await child.Exited;
        output.End();
        var verdict = ExitMeaning.Of(new Ending
        {
            Call = call,
            Version = version,
            Code = exit.Code,
            Signal = exit.Signal,
            Stopped = exit.Stopped,
            Errors = output.Errors,
            HasStatistics = output.Parser.HasStatistics,
        });
        verdict = Confining.NotStarted(exit.Code, output.Errors) is { } why ? new Verdict(SyncOutcome.Failed, why, null) : verdict;
        target.Ended(verdict.Outcome);
        _log.Info($"rsync process {child.Pid} ended: {verdict.Outcome}, {(exit.Code is null ? $"signal {exit.Signal}" : $"exit {exit.Code}")}");

        if (output.Parser.NamesOverflowed && verdict.Diagnosis is null)
        {
            verdict = new Verdict(SyncOutcome.Failed, StartDiagnoser.TooManyNames(), null);
        }

        string[] warnings = verdict.Warning is null ? [.. arguments.Warnings] : [.. arguments.Warnings, verdict.Warning];
        return new SyncResult
        {
            ExitCode = exit.Code,
            Signal = exit.Signal,
            Outcome = verdict.Outcome,
            Warning = warnings.Length == 0 ? null : string.Join("; ", warnings),
            Diagnosis = verdict.Diagnosis,
            Counts = output.Parser.Counts,
            NewNames = output.Parser.NewNames,
            DeletedNames = output.Parser.DeletedNames,
            DeletionsStopped = output.Errors.DeletionsStopped,
            IsOriginEmpty = output.Parser.IsOriginEmpty,
            Changes = output.Changes(),
            Log = output.Log(),
            Said = output.Said(),
        };
    }

    /// <summary>Once for each: it is true for every run of a group.</summary>
    private void Say(string weakness)
    {
        if (_said.Count < MostSaid && _said.TryAdd(weakness, true))
        {
            _log.Notice(weakness);
        }
    }

    private RsyncRun NotRun(Diagnosis diagnosis)
    {
        _log.Warning($"rsync was not run: {diagnosis.Fault}");
        return RsyncRun.Ended(new SyncResult { Outcome = SyncOutcome.Failed, Diagnosis = diagnosis });
    }
}

using Deploy.Model;
using Deploy.Model.Hosts;
using Deploy.Model.Jobs;

namespace Deploy.Jobs.Remote;

/// <summary>Holds what an agent's stream says of its one host against what can be true. An agent is believed in what it says of itself, and in nothing else.</summary>
/// <param name="id">The job.</param>
/// <param name="host">The host as the job's list has it.</param>
internal sealed class StreamCheck(JobId id, string host)
{
    /// <summary>Bytes and files of one host: so many that 100,000 hosts add up within a long.</summary>
    public const long MostOfAnything = 1L << 46;

    private const int DigestLetters = 64;

    private bool begun;
    private long rev = long.MinValue;
    private HostState state = HostState.Queued;

    /// <summary>What is wrong with an event, as the end of "its stream …"; null where nothing is.</summary>
    public string? Fault(JobEvent what)
    {
        if (begun == (what.Type == EventType.Hello))
        {
            return begun ? "begins twice" : "does not begin with hello";
        }

        begun = true;
        if (what.Job is { } other && other != id)
        {
            return $"tells of the job {other}, which was not asked for";
        }

        if ((what.Host ?? what.Standing?.Host) is { } named && !HostName.Comparer.Equals(named, host))
        {
            return "tells of another host than the one that was asked";
        }

        return what.Type switch
        {
            EventType.HostState or EventType.HostProgress => what.Standing is { } standing ? FaultOf(standing, what) : "tells of a host without saying how it stands",
            EventType.HostLog => what.Log is { Stream: "stdout" or "stderr" } ? null : "has a log line of no stream",
            EventType.End when !state.IsTerminal() => "ends before its host has",
            _ => null,
        };
    }

    private string? FaultOf(HostStanding standing, JobEvent what)
    {
        if (!HostName.Comparer.Equals(standing.Host, host))
        {
            return "tells of another host than the one that was asked";
        }

        if (standing.Rev < rev)
        {
            return "goes back to what was before";
        }

        if (Rank(standing.State) < Rank(state) || (state.IsTerminal() && standing.State != state))
        {
            return $"has its host {standing.State.Word()} behind {state.Word()}";
        }

        if (!IsPlausible(standing.Progress) || !IsPlausible(standing.Totals) || standing.ExitCode is < 0 or > 255 || standing.Rev < 0)
        {
            return "has numbers that cannot be";
        }

        if (standing.Shape is { } digest && (digest.Length != DigestLetters || !digest.All(char.IsAsciiHexDigitLower)))
        {
            return "has a shape whose name is no digest";
        }

        if (what.Content is { } content && (standing.Shape is not { } shape || !Protocol.V1.V1Client.IsOf(shape, content.Bytes.Span)))
        {
            return "has content of a shape that is another one than its digest says";
        }

        (rev, state) = (standing.Rev, standing.State);
        return null;
    }

    private static int Rank(HostState state) => state.IsTerminal() ? 3 : (int)state; // queued 0, connecting 1, running 2

    private static bool IsPlausible(HostProgress? progress) => progress is null
        || (Is(progress.BytesDone) && Is(progress.BytesTotal) && Is(progress.FilesDone) && Is(progress.FilesTotal) && Is(progress.BytesPerSecond) && Is(progress.StalledSeconds));

    private static bool IsPlausible(SyncTotals? totals) => totals is null
        || (Is(totals.New) && Is(totals.Changed) && Is(totals.Attributes) && Is(totals.Deleted) && Is(totals.Files) && Is(totals.Bytes) && Is(totals.SkippedLinks));

    private static bool Is(long? number) => number is null or (>= 0 and <= MostOfAnything);
}

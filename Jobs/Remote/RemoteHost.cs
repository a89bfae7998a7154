using Deploy.Jobs.Engine;
using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Protocol.V1;

namespace Deploy.Jobs.Remote;

/// <summary>One host of one job on its way over the v1 wire.</summary>
/// <remarks>
/// What may be asked twice. The id makes it safe to hand in a job again where the agent remembers it. An agent that keeps nothing on disk forgets at its restart, and then handing it in again
/// would run it a second time. So a host that was lost is asked for the job first, and where its agent does not know it:
/// <code>
/// it had taken it         -> it forgot it: unknown. Orders that change nothing are handed in again.
/// it keeps ids on disk    -> it never came there: handed in again
/// it runs since before    -> likewise: it could not have forgotten; not where this side was restarted since
///                            (both only before not_after; later: refused, it is too late)
/// else, or it does not say-> it may have run: unknown
/// </code>
/// </remarks>
/// <param name="run">The host, and where to tell.</param>
/// <param name="client">Asks its agent.</param>
/// <param name="contacts">Takes what is learned of it.</param>
/// <param name="shapes">Fetches what is large.</param>
/// <param name="settings">How patiently.</param>
/// <param name="time">The clock.</param>
internal sealed partial class RemoteHost(IHostRun run, V1Client client, HostContacts contacts, ShapeFetches shapes, RemoteSettings settings, TimeProvider time)
{
    /// <summary>What one try came to.</summary>
    private abstract record Try
    {
        /// <summary>The host has ended, and it is told.</summary>
        internal sealed record Done : Try;

        /// <summary>Contact was lost: it is to be asked again.</summary>
        internal sealed record Lost(string Why) : Try;

        /// <summary>The agent does not let it be cancelled by who asked: it goes on.</summary>
        internal sealed record Denied(string Why) : Try;
    }

    private static readonly TimeSpan UptimeMargin = TimeSpan.FromSeconds(5); // of two clocks and a request

    private static readonly Try Done = new Try.Done();

    private readonly JobId id = run.Document.Spec.Id;
    private bool taken = run.Standing.State == HostState.Running;
    private string? waiting;
    private string? denied; // why it could not be cancelled; null where nobody asked, or it may be
    private DateTimeOffset? firstAsked = run.Standing.Started; // null is not known
    private long? firstAskedAt; // monotonic; null where this side was restarted since, and its clock may have been set meanwhile

    private bool ReadsOnly => run.Document.Spec is { Order: Order.Status or Order.Rlist };

    /// <summary>Brings the host to its end.</summary>
    /// <exception cref="OperationCanceledException">The daemon stops; the host has not ended.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        bool fresh = run.Standing.State == HostState.Queued;
        if (fresh && run.Cancelled.IsCancellationRequested)
        {
            await run.EndAsync(new HostEnd(HostState.Cancelled)).ConfigureAwait(false);
            return;
        }

        if (fresh)
        {
            await run.ConnectingAsync().ConfigureAwait(false);
            (firstAsked, firstAskedAt) = (time.GetUtcNow(), time.GetTimestamp());
            if (IsLate()) // a full disk was waited for
            {
                await run.EndAsync(HostEnd.TooLate).ConfigureAwait(false);
                return;
            }
        }

        var last = fresh ? await HandInAsync(first: true, cancellationToken).ConfigureAwait(false) : new Try.Lost("this side was restarted");
        await AskUntilDoneAsync(last, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Asks again, by id, until the host has ended or its time is over.</summary>
    private async Task AskUntilDoneAsync(Try last, CancellationToken cancellationToken)
    {
        var again = new AskingAgain(settings, time);
        long lostAt = time.GetTimestamp();
        while (last is Try.Lost lost)
        {
            if (run.Cancelled.IsCancellationRequested)
            {
                if (!await CancelAsync(lost.Why, cancellationToken).ConfigureAwait(false))
                {
                    return;
                }

                lostAt = time.GetTimestamp();
                last = await AskAsync(cancellationToken).ConfigureAwait(false);
                continue;
            }

            var left = AskingTime() - time.GetElapsedTime(lostAt);
            if (left <= TimeSpan.Zero)
            {
                await EndUnknownAsync($"no contact for {Shown(time.GetElapsedTime(lostAt))}: {lost.Why}").ConfigureAwait(false);
                return;
            }

            Wait($"no contact ({lost.Why}): it may have started, and is asked again for {Shown(left)} at most");
            run.Lost(true);
            try
            {
                using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, run.Cancelled);
                await again.WaitAsync(either.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                continue; // to be cancelled
            }

            heard = false;
            last = await AskAsync(cancellationToken).ConfigureAwait(false);
            if (heard)
            {
                again.Reset();
                lostAt = time.GetTimestamp();
            }
        }
    }

    /// <summary>How long it is asked from when contact was lost: an order that was not taken cannot start behind its time, one that runs may run on.</summary>
    private TimeSpan AskingTime()
    {
        var left = run.NotAfter - time.GetUtcNow();
        return taken || left > settings.AskingTime ? settings.AskingTime : left < settings.LeastAskingTime ? settings.LeastAskingTime : left;
    }

    /// <summary>Its time to start is over; by the second where the request is signed, as a signature has it.</summary>
    private bool IsLate() => client.Signs ? time.GetUtcNow().ToUnixTimeSeconds() >= run.NotAfter.ToUnixTimeSeconds() : time.GetUtcNow() > run.NotAfter;

    /// <summary>Tells how it ended, and that it was to be cancelled where its agent did not let it.</summary>
    private Task TellEndAsync(HostEnd end) => run.EndAsync(denied is null ? end : end with { Warning = end.Warning is null ? denied : $"{denied}; {end.Warning}" });

    private Task EndUnknownAsync(string why, string? cause = null) =>
        TellEndAsync(new HostEnd(HostState.Unknown, $"{why}; {(taken ? "it had started" : "it may have started")}: {NextStep()}") { Cause = cause });

    private string NextStep() => run.Document.Spec.Order switch
    {
        Order.Exec => "see there whether the command ran, before it is ordered again",
        Order.Rsync or Order.Rkill => "see with the status order whether a sync runs there",
        _ => "order it again",
    };

    private void Wait(string? what)
    {
        what = denied is null ? what : what is null ? denied : $"{denied}; {what}";
        if (what != waiting)
        {
            waiting = what;
            run.Waiting(what);
        }
    }

    private static string Shown(TimeSpan time) => time < TimeSpan.FromMinutes(2) ? $"{time.TotalSeconds:0} s" : $"{time.TotalMinutes:0} min";
}

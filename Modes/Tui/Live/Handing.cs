using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Modes.Client.Journal;
using Deploy.Modes.Client.Ordering;
using Deploy.Protocol.V1;
using Deploy.Tui;

namespace Deploy.Modes.Tui.Live;

/// <summary>Hands in jobs and asks things of them, as the client does: an id, who, until when, a signature; a lost answer is asked for again with the same bytes, which starts nothing twice.</summary>
/// <param name="place">Who takes them.</param>
/// <param name="time">The clock.</param>
internal sealed class Handing(JobPlace place, TimeProvider time)
{
    private const int Tries = 4; // as deploy client
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Hands in a wish; what came of it.</summary>
    public async Task<Message.Answered> SubmitAsync(Effect.Submit submit, CancellationToken cancellationToken)
    {
        JobDocument document;
        try
        {
            var wish = submit.Wish;
            var hosts = new ChosenHosts(wish.Hosts, new Dictionary<string, int>(), null);
            document = new SpecMaker(time).Make(AskOf(wish), hosts, wish.Plan);
            await place.PrepareAsync(document.Spec.Id, wish.Hosts, Ports(wish), document.Spec.IsKept, cancellationToken).ConfigureAwait(false);
            document = await place.SignedAsync(document, wish.Hosts, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is UserError or IOException)
        {
            return new Message.Answered(submit.Ticket, null, Followed.Line(error)); // nothing has left
        }

        bool maybe = false;
        for (int tries = 1; ; tries++)
        {
            try
            {
                return await place.Jobs.SubmitAsync(document, new Asker("local", document.Spec.By), cancellationToken).ConfigureAwait(false) switch
                {
                    Submission.Taken taken => new Message.Answered(submit.Ticket, taken.Job, null),
                    Submission.Refused { Problem: var problem } => new Message.Answered(submit.Ticket, null, Said(problem)),
                    _ => throw new InvalidOperationException(),
                };
            }
            catch (Exception error) when (error is IOException or UserError)
            {
                maybe |= error is not (V1Failure { Fault: V1Fault.NotReached or V1Fault.Refused } or UserError);
                if (tries == Tries || error is V1Failure { IsOtherKey: true } or V1Failure { Problem: not null } or UserError)
                {
                    string line = Followed.Line(error);
                    return new Message.Answered(submit.Ticket, null, maybe ? $"{line}; whether it was taken: deploy client watch {document.Spec.Id}{place.Option}" : line, maybe);
                }

                await Task.Delay(Pause, time, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Asks something of a job; what came of it.</summary>
    /// <param name="act">What.</param>
    /// <param name="jobs">Whose it is.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<Message.Answered> ActAsync(Effect.Act act, IJobs jobs, CancellationToken cancellationToken)
    {
        try
        {
            return await jobs.ActAsync(act.Job, act.What, new Asker("local", Surroundings.UserAtHost), cancellationToken).ConfigureAwait(false) switch
            {
                Submission.Taken taken => new Message.Answered(act.Ticket, taken.Job, null),
                Submission.Refused { Problem: var problem } => new Message.Answered(act.Ticket, null, Said(problem)),
                _ => throw new InvalidOperationException(),
            };
        }
        catch (Exception error) when (error is IOException or UserError)
        {
            return new Message.Answered(act.Ticket, null, Followed.Line(error), error is not (V1Failure { Fault: V1Fault.NotReached or V1Fault.Refused } or UserError));
        }
    }

    private static string Said(Problem problem) => problem.Hint is null ? problem.Detail : $"{problem.Detail}; {problem.Hint}";

    private static OrderAsk AskOf(JobWish wish) => new()
    {
        Order = wish.Order,
        IsPlan = wish.IsPlan,
        Words = wish.Command is { } command ? [command, .. wish.Arguments ?? []] : wish.Group is { } group ? [group] : [wish.Origin ?? string.Empty, wish.Target ?? string.Empty],
        Rollout = wish.Rollout,
        AllowDelete = wish.AllowDelete,
        Reason = wish.Reason,
        HostTimeout = wish.HostTimeoutSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
    };

    /// <summary>Those by which the dashboard was started with its hosts.</summary>
    private Dictionary<string, int> Ports(JobWish wish) =>
        place is JournalPlace journal ? wish.Hosts.Select(host => (host, port: journal.PortOf(host))).ToDictionary(one => one.host, one => one.port) : [];
}

using System.Threading.Channels;
using Deploy.Model;
using Deploy.Model.Hosts;
using Deploy.Model.Jobs;
using Deploy.Modes.Client.Journal;
using Deploy.Protocol.V1;
using Deploy.Tui;

namespace Deploy.Modes.Tui.Live;

/// <summary>Answers the dashboard's questions, each with a message.</summary>
/// <param name="place">Who knows.</param>
/// <param name="view">How they are one fleet.</param>
/// <param name="messages">Takes the answers.</param>
/// <param name="time">The clock.</param>
internal sealed class Asking(FleetPlace place, IView view, ChannelWriter<Message> messages, TimeProvider time)
{
    private readonly Handing handing = new(place.Jobs, time);

    /// <summary>Answers one after the other, until it is cancelled; several of these make several at once.</summary>
    public async Task RunAsync(ChannelReader<Effect.OfFleet> questions, CancellationToken cancellationToken)
    {
        await foreach (var question in questions.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            try
            {
                await AnswerAsync(question, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception error) when (error is IOException or UserError or ArgumentException || (error is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                string why = error is OperationCanceledException ? "no answer in time" : Followed.Line(error);
                await messages.WriteAsync(question switch
                {
                    Effect.Submit submit => new Message.Answered(submit.Ticket, null, why, MayHaveBeenTaken: error is not ArgumentException),
                    Effect.Act act => new Message.Answered(act.Ticket, null, why, MayHaveBeenTaken: error is not ArgumentException),
                    _ => new Message.Unanswered(question, why),
                }, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task AnswerAsync(Effect.OfFleet question, CancellationToken cancellationToken)
    {
        switch (question)
        {
            case Effect.ReadJobs jobs:
                var page = await place.Jobs.Jobs.ListAsync(jobs.Query, cancellationToken).ConfigureAwait(false);
                await TellAsync(new Message.JobsTold(page.Items, jobs, page.Cursor)).ConfigureAwait(false);
                break;
            case Effect.ReadJob job:
                await ReadJobAsync(job, cancellationToken).ConfigureAwait(false);
                break;
            case Effect.ReadShapes shapes:
                await TellAsync(new Message.ShapesTold(shapes.Job, await ShapesAsync(shapes.Job, cancellationToken).ConfigureAwait(false))).ConfigureAwait(false);
                break;
            case Effect.ReadContent content:
                ShapeContent? found = null;
                foreach (var at in await view.WhoKnowsAsync(content.Job, null, cancellationToken).ConfigureAwait(false))
                {
                    found ??= await at.Jobs.ShapeAsync(content.Job, content.Digest, cancellationToken).ConfigureAwait(false);
                }

                await TellAsync(new Message.ContentTold(content.Job, content.Digest, found)).ConfigureAwait(false);
                break;
            case Effect.ReadLog log:
                await TellAsync(new Message.LogTold(log.Job, log.Host, await LogAsync(log, cancellationToken).ConfigureAwait(false))).ConfigureAwait(false);
                break;
            case Effect.ReadAudit audit:
                var (daemon, whyNot) = view.Audit;
                var records = await (daemon ?? throw new UserError(whyNot!, ExitCodes.Usage)).Client.AuditAsync(audit.Cursor, cancellationToken).ConfigureAwait(false);
                await TellAsync(new Message.AuditTold(records.Items, audit, records.Cursor)).ConfigureAwait(false);
                break;
            case Effect.ReadHosts:
                await view.TellHostsAsync(cancellationToken).ConfigureAwait(false);
                break;
            case Effect.Submit submit:
                await TellAsync(await handing.SubmitAsync(submit, cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
                break;
            case Effect.Act act:
                await TellAsync(await ActAsync(act, cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
                break;
            default:
                throw new ArgumentException($"{question.GetType().Name} is not asked here");
        }

        async Task TellAsync(Message message) => await messages.WriteAsync(message, cancellationToken).ConfigureAwait(false);
    }

    private async Task ReadJobAsync(Effect.ReadJob question, CancellationToken cancellationToken)
    {
        var known = await view.WhoKnowsAsync(question.Job, null, cancellationToken).ConfigureAwait(false);
        if (known.Count == 0)
        {
            await messages.WriteAsync(new Message.Unanswered(question, $"job {question.Job} is not known at {place.Jobs.Name}: status and rlist are forgotten soon"), cancellationToken).ConfigureAwait(false);
            return;
        }

        var hosts = new List<HostStanding>();
        foreach (var at in known)
        {
            hosts.AddRange((await JobPages.HostsAsync(at.Jobs, question.Job, [], cancellationToken).ConfigureAwait(false) ?? []).Select(at.Named));
        }

        await messages.WriteAsync(new Message.JobsTold([Merging.Of(known)]), cancellationToken).ConfigureAwait(false);
        await messages.WriteAsync(new Message.StandingsTold(question.Job, hosts, IsAll: true), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Those of one place as they are; of several, equal ones put together.</summary>
    private async Task<IReadOnlyList<Shape>?> ShapesAsync(JobId id, CancellationToken cancellationToken)
    {
        var known = await view.WhoKnowsAsync(id, null, cancellationToken).ConfigureAwait(false);
        var all = new List<Shape>();
        foreach (var at in known)
        {
            all.AddRange((await at.Jobs.ShapesAsync(id, cancellationToken).ConfigureAwait(false) ?? []).Select(shape => at.Host is null ? shape : shape with { Hosts = at.Host, HostCount = 1 }));
        }

        return known.Count == 0 ? null
            : known is [{ Host: null }] ? all
            : [.. all.GroupBy(shape => shape.Digest).Select(same => same.First() with { Hosts = HostFold.Fold(same.Select(shape => shape.Hosts)), HostCount = same.Count() }).OrderByDescending(shape => shape.HostCount)];
    }

    /// <summary>What rsync said; of a command what it printed, which stands in its shape.</summary>
    private async Task<IReadOnlyList<LogLine>?> LogAsync(Effect.ReadLog question, CancellationToken cancellationToken)
    {
        foreach (var at in await view.WhoKnowsAsync(question.Job, question.Host, cancellationToken).ConfigureAwait(false))
        {
            var hosts = at.View.Order == Order.Exec || at.Host is not null ? await JobPages.HostsAsync(at.Jobs, question.Job, [], cancellationToken).ConfigureAwait(false) : null;
            string name = at.Host is null ? question.Host : hosts is [var only] ? only.Host : question.Host;
            if (await at.Jobs.LogAsync(question.Job, name, cancellationToken).ConfigureAwait(false) is not { } lines)
            {
                continue;
            }

            string? digest = at.View.Order != Order.Exec ? null : hosts?.FirstOrDefault(host => HostName.Comparer.Equals(host.Host, name))?.Shape;
            var content = digest is null ? null : await at.Jobs.ShapeAsync(question.Job, digest, cancellationToken).ConfigureAwait(false);
            return content is not null && CommandOutput.Read(content) is { } output ? [.. lines, .. output.Lines()] : lines;
        }

        return null;
    }

    private async Task<Message.Answered> ActAsync(Effect.Act act, CancellationToken cancellationToken)
    {
        Message.Answered? answered = null;
        try
        {
            foreach (var at in await view.WhoKnowsAsync(act.Job, null, cancellationToken).ConfigureAwait(false))
            {
                var one = await Handing.ActAsync(act, at.Jobs, cancellationToken).ConfigureAwait(false);
                answered = answered is null or { Refusal: null } ? one : answered; // the first no is told
            }
        }
        catch (V1Failure failure)
        {
            return new Message.Answered(act.Ticket, null, Followed.Line(failure)); // it was not found yet: nothing was asked
        }

        return answered ?? new Message.Answered(act.Ticket, null, $"job {act.Job} is not known at {place.Jobs.Name}");
    }
}

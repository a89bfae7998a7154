using System.Globalization;
using Deploy.Model;
using Deploy.Model.Hosts;
using Deploy.Model.Jobs;

namespace Deploy.Tui.Demo;

/// <summary>What the fleet answers.</summary>
internal sealed partial class DemoWorld
{
    /// <summary>Jobs of a page.</summary>
    private const int JobsAPage = 50;

    /// <summary>Answers a question, or does what is wished; an answer that takes its time comes with <see cref="Advance"/>.</summary>
    public IReadOnlyList<Message> Answer(Effect.OfFleet question)
    {
        switch (question)
        {
            case Effect.ReadJobs ask:
                messages.Add(Page(ask));
                break;
            case Effect.ReadJob(var id) ask:
                TellJob(ask, id);
                break;
            case Effect.ReadShapes(var id):
                messages.Add(new Message.ShapesTold(id, byId.GetValueOrDefault(id)?.Shapes()));
                break;
            case Effect.ReadContent(var id, var digest):
                messages.Add(new Message.ContentTold(id, digest, byId.GetValueOrDefault(id)?.Content(digest)));
                break;
            case Effect.ReadLog(var id, var host):
                messages.Add(new Message.LogTold(id, host, byId.GetValueOrDefault(id) is { } job && job.PlaceOf(host) is { } place ? DemoOutputs.Log(job, job.Standings[place]) : null));
                break;
            case Effect.ReadAudit ask:
                var (records, cursor) = Audit.Page(ask.Cursor);
                messages.Add(new Message.AuditTold(records, ask, cursor));
                break;
            case Effect.FollowLog:
                break; // what is printed here is there when a host has ended
            case Effect.ReadHosts:
                messages.Add(new Message.HostsTold([.. Hosts.All.Select(host => host.Facts())], IsAll: true));
                break;
            case Effect.Submit(var ticket, var wish):
                Submit(ticket, wish);
                break;
            case Effect.Act(var ticket, var id, var what):
                Act(ticket, id, what);
                break;
            default:
                messages.Add(new Message.Unanswered(question, "the demo does not know this question"));
                break;
        }

        return Flush();
    }

    private void TellJob(Effect.OfFleet question, JobId id)
    {
        if (byId.GetValueOrDefault(id) is not { } job)
        {
            messages.Add(new Message.Unanswered(question, $"no job {id} is known"));
            return;
        }

        messages.Add(new Message.JobsTold([job.View()]));
        messages.Add(new Message.StandingsTold(id, [.. job.Standings], IsAll: true));
    }

    /// <summary>Newest first; the cursor is how many were told.</summary>
    private Message.JobsTold Page(Effect.ReadJobs ask)
    {
        var query = ask.Query;
        int told = query.Cursor is { } cursor && int.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0;
        var found = jobs.OrderByDescending(job => job.Accepted).Where(job => (query.State is null || job.State == query.State) && (query.Order is null || job.Spec.Order == query.Order)
            && (query.Host is null || job.PlaceOf(query.Host) is not null) && (query.Since is null || job.Accepted >= query.Since)).Skip(told).Take(JobsAPage + 1).ToList();
        return new Message.JobsTold([.. found.Take(JobsAPage).Select(job => job.View())], ask, found.Count > JobsAPage ? (told + JobsAPage).ToString(CultureInfo.InvariantCulture) : null);
    }

    private void Submit(long ticket, JobWish wish)
    {
        var spec = new JobSpec
        {
            Id = Chance.NextId(Now),
            Order = wish.Order,
            Hosts = HostFold.Fold(wish.Hosts),
            Group = wish.Group,
            Origin = wish.Origin,
            Target = wish.Target,
            Command = wish.Command,
            Arguments = wish.Arguments,
            NotAfter = Now.AddHours(1),
            Keep = wish.IsPlan ? true : null,
            Plan = wish.Plan,
            AllowDelete = wish.AllowDelete,
            Rollout = wish.Rollout,
            HostTimeoutSeconds = wish.HostTimeoutSeconds,
            By = DemoAudit.You,
            Reason = wish.Reason,
        };
        if (Refusal(spec, wish.Hosts) is { } why)
        {
            Audit.Refuse(spec.Order.Word(), spec.What, DemoAudit.You, why, Now);
            messages.Add(new Message.Answered(ticket, null, why));
            return;
        }

        var job = new DemoJob(spec, [.. wish.Hosts.Distinct(HostName.Comparer).Order(HostOrder.Natural).Select(host => Hosts.Find(host)!)], Now) { Peer = DemoAudit.PeerOf(DemoAudit.You) };
        Audit.Add(job);
        messages.Add(new Message.Answered(ticket, job.View(), null));
        Run(job);
    }

    /// <summary>Why a job is not taken; null where it is.</summary>
    private string? Refusal(JobSpec spec, IReadOnlyList<string> hosts)
    {
        if (!JobDocument.TryOf(spec, out _, out var problem))
        {
            return problem.Detail;
        }

        if (hosts.FirstOrDefault(host => Hosts.Find(host) is null) is { } stranger)
        {
            return $"no host is called {stranger}; see the fleet for those that there are";
        }

        if (spec.Group is { } group && !DemoTrees.Groups.Contains(group))
        {
            return $"there is no sync group '{group}'; there are {string.Join(", ", DemoTrees.Groups)}";
        }

        return spec.Group is null && spec.Order != Order.Exec ? "the demo knows sync groups alone, no origin and target"
            : spec.Order == Order.Rsync && runs.Keys.Select(id => byId[id]).FirstOrDefault(job => job.Spec.Order == Order.Rsync && job.Spec.Group == spec.Group && hosts.Any(host => job.PlaceOf(host) is not null)) is { } other
                ? $"leased: job {other.Id} rolls out {other.Spec.Group} on some of these hosts; wait for it, or cancel it"
            : null;
    }

    private void Act(long ticket, JobId id, JobAct what)
    {
        if (byId.GetValueOrDefault(id) is not { } job || runs.GetValueOrDefault(id) is not { } run)
        {
            messages.Add(new Message.Answered(ticket, null, byId.ContainsKey(id) ? $"job {id} has ended" : $"no job {id} is known"));
            return;
        }

        if ((what == JobAct.Pause && job.State != JobState.Running) || (what == JobAct.Resume && job.State != JobState.Paused) || (what != JobAct.Cancel && job.Spec.Rollout is null))
        {
            messages.Add(new Message.Answered(ticket, null, job.Spec.Rollout is null ? $"job {id} is no rollout: it can be cancelled alone" : $"job {id} is {job.State.Word()}"));
            return;
        }

        Audit.Add(job, what, DemoAudit.You, Now);
        switch (what)
        {
            case JobAct.Pause:
                run.Pause($"paused by {DemoAudit.You}");
                break;
            case JobAct.Resume:
                run.Resume();
                break;
            default: // answered when every host has ended, as a daemon does
                var then = run.Ended;
                run.Ended = () =>
                {
                    then();
                    messages.Add(new Message.Answered(ticket, job.View(), null));
                };
                run.Cancel($"cancelled by {DemoAudit.You}");
                return;
        }

        messages.Add(new Message.Answered(ticket, job.View(), null));
    }
}

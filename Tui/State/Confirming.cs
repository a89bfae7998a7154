using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Output;
using Deploy.Tui.Keys;
using Deploy.Tui.Screens;
using Deploy.Tui.Views;
using Deploy.Tui.Wishes;

namespace Deploy.Tui.State;

/// <summary>The confirmation ladder: the one way by which anything that changes hosts or jobs leaves the dashboard.</summary>
/// <remarks>
/// <code>
/// 1 host                                   y
/// 2 to 9 hosts                             a button; Cancel has the focus
/// 10 or more, or deletions above a guard   the number of hosts is typed
/// a plan, a status                         nothing: they change nothing
/// pause, resume                            y or a button, however many hosts
/// </code>
/// </remarks>
internal static class Confirming
{
    /// <summary>From so many hosts on their number is typed.</summary>
    public const int ManyHosts = 10;

    /// <summary>Asks for a job; plans need no being armed and no question.</summary>
    /// <param name="model">The model.</param>
    /// <param name="wish">What.</param>
    /// <param name="warnings">What the operator should know before, a line each.</param>
    /// <param name="isAboveGuard">Whether some host deletes more than its guard allows.</param>
    public static Step Ask(TuiModel model, JobWish wish, IReadOnlyList<string> warnings, bool isAboveGuard = false)
    {
        if (wish.Hosts.Count == 0)
        {
            return model with { Notice = new Notice("no hosts are chosen", IsTrouble: true) };
        }

        if (wish.Order is Order.Status or Order.Rlist)
        {
            return Submit(model, wish);
        }

        return KeyPresses.NotArmed(model) is { } why
            ? model with { Notice = new Notice(why, IsTrouble: true) }
            : model with
            {
                Overlay = new Overlay.Confirm
                {
                    Wish = wish,
                    What = What(wish),
                    Warnings = warnings,
                    Hosts = wish.Hosts.Count,
                    CommandLine = WishCommand.Of(wish, model.Setup.Option),
                    IsAboveGuard = isAboveGuard,
                },
            };
    }

    /// <summary>Asks for something of a job.</summary>
    public static Step Ask(TuiModel model, JobId job, JobAct what, int hosts) => KeyPresses.NotArmed(model) is { } why
        ? model with { Notice = new Notice(why, IsTrouble: true) }
        : model with
        {
            Overlay = new Overlay.Confirm
            {
                Act = (job, what),
                What = $"{Word(what)} {JobTag.Of(job)}{Named(model.Jobs.Find(job)?.View)} on {CountText.Hosts(hosts)}",
                Hosts = hosts,
                CommandLine = ActCommand.Of(job, what, model.Setup.Option),
            },
        };

    /// <summary>How this one is answered.</summary>
    public static Rung RungOf(Overlay.Confirm asked) => asked.IsAboveGuard || (asked.Hosts >= ManyHosts && asked.Act is not (_, JobAct.Pause or JobAct.Resume)) ? Rung.Number
        : asked.Hosts > 1 ? Rung.Button
        : Rung.Letter;

    /// <summary>A key while it is asked.</summary>
    public static Step Press(TuiModel model, Overlay.Confirm asked, Key key)
    {
        if (key.Name == KeyName.Escape)
        {
            return model with { Overlay = null, Notice = new Notice("nothing was done") };
        }

        if (key == Key.Of('Y'))
        {
            return Step.Of(model, new Effect.Copy(asked.CommandLine, "the command line"));
        }

        switch (RungOf(asked))
        {
            case Rung.Letter when key == Key.Of('y'):
                return Yes(model, asked);
            case Rung.Letter when key == Key.Of('n') || key.Name == KeyName.Enter:
                return model with { Overlay = null, Notice = new Notice("nothing was done") };
            case Rung.Button when key.Name is KeyName.Tab or KeyName.BackTab or KeyName.Left or KeyName.Right || key == Key.Of('h') || key == Key.Of('l'):
                return model with { Overlay = asked with { IsOnYes = !asked.IsOnYes } };
            case Rung.Button when key.Name == KeyName.Enter:
                return asked.IsOnYes ? Yes(model, asked) : model with { Overlay = null, Notice = new Notice("nothing was done") };
            case Rung.Number when key is { Name: KeyName.Rune, Control: false } && key.Rune.Value is >= '0' and <= '9' && asked.Typed.Length < 9:
                return model with { Overlay = asked with { Typed = asked.Typed + key.Rune } };
            case Rung.Number when key.Name == KeyName.Backspace && asked.Typed.Length > 0:
                return model with { Overlay = asked with { Typed = asked.Typed[..^1] } };
            case Rung.Number when key.Name == KeyName.Enter:
                return asked.Typed == asked.Hosts.ToString(System.Globalization.CultureInfo.InvariantCulture)
                    ? Yes(model, asked)
                    : model with { Overlay = asked with { Typed = string.Empty }, Notice = new Notice($"type {asked.Hosts}, the number of hosts, or esc", IsTrouble: true) };
            default:
                return model;
        }
    }

    /// <summary>What came of it: says so, and opens what was asked for.</summary>
    public static Step Answered(TuiModel model, Message.Answered told)
    {
        if (!model.Asked.TryGetValue(told.Ticket, out string? words))
        {
            return model; // told before
        }

        bool isAct = model.AskedActs.Contains(told.Ticket);
        model = model with { Asked = model.Asked.Remove(told.Ticket), AskedActs = model.AskedActs.Remove(told.Ticket) };
        if (told.Job is not { } job)
        {
            string why = told.Refusal ?? "no answer";
            return model with { Notice = new Notice(told.MayHaveBeenTaken ? $"{words}: may have been taken; look at 2 Jobs: {why}" : $"{words}: not done: {why}", IsTrouble: true) };
        }

        model = News.JobNews.Told(model, [job]) with { Notice = new Notice($"{words}: {(isAct ? job.State.Word() : JobTag.Of(job.Id))}") };
        return isAct || model.Overlay is not null || job.Order == Order.Status
            ? model
            : Updating.Go(model, new Place(job.IsPlan ? ScreenName.Plan : ScreenName.Rollout, job.Id)).Then(after => after with { Notice = model.Notice });
    }

    private static Step Yes(TuiModel model, Overlay.Confirm asked)
    {
        model = model with { Overlay = null };
        if (KeyPresses.NotArmed(model) is { } why)
        {
            return model with { Notice = new Notice($"nothing was done: {why}", IsTrouble: true) };
        }

        if (asked.Act is not ({ } job, { } what))
        {
            return Submit(model, asked.Wish!);
        }

        var step = Ticketed(model, asked.What, ticket => new Effect.Act(ticket, job, what));
        return step with { Model = step.Model with { AskedActs = step.Model.AskedActs.Add(model.NextTicket) } };
    }

    private static Step Submit(TuiModel model, JobWish wish) => Ticketed(model with { AllowDelete = wish.Order == Order.Rsync ? null : model.AllowDelete }, What(wish), ticket => new Effect.Submit(ticket, wish));

    private static Step Ticketed(TuiModel model, string what, Func<long, Effect> effect) => Step.Of(
        model with { NextTicket = model.NextTicket + 1, Asked = model.Asked.SetItem(model.NextTicket, what), Notice = new Notice($"asked: {what}") },
        effect(model.NextTicket));

    /// <summary><c>rsync site on 40 hosts</c>.</summary>
    private static string What(JobWish wish)
    {
        string subject = wish.Group ?? (wish.Command is { } command ? string.Join(' ', [command, .. wish.Arguments ?? []]) : wish.Origin is { } origin ? $"{origin} {wish.Target}" : string.Empty);
        return $"{(wish.IsPlan ? "plan" : wish.Order.Word())} {subject} on {CountText.Hosts(wish.Hosts.Count)}{(wish.Hosts.Count == 1 ? $" ({wish.Hosts[0]})" : string.Empty)}";
    }

    /// <summary>What a job is, for whom three letters of its id say nothing: the list may have moved below the key.</summary>
    private static string Named(JobView? job) => job is null ? string.Empty : $" ({(job.IsPlan ? "plan" : job.Order.Word())} {Model.Text.SafeText.Of(job.What, 40)})";

    private static string Word(JobAct what) => what switch
    {
        JobAct.Cancel => "cancel",
        JobAct.Pause => "pause",
        _ => "resume",
    };
}

/// <summary>How a confirmation is answered.</summary>
internal enum Rung
{
    Letter,
    Button,
    Number,
}

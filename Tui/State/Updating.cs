using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Tui.Keys;
using Deploy.Tui.Overlays;
using Deploy.Tui.Screens;
using Deploy.Tui.State.Moments;
using Deploy.Tui.State.News;

namespace Deploy.Tui.State;

/// <summary>The update of model, update, view: a message and the model give the next model and what is to be done. Pure.</summary>
internal static class Updating
{
    private const int MostBack = 32; // places that esc leads back to

    /// <summary>The model before the first message, and what is to be done first.</summary>
    public static Step Start(TuiSetup setup)
    {
        var model = Keeping.Restored(new TuiModel { Setup = setup, Commands = [.. setup.Kept.Commands] });
        return Step.Of(model, new Effect.ReadHosts(), new Effect.ReadJobs(new JobQuery())).Then(first => AllScreens.Of(first.Place.Screen).Open(first));
    }

    /// <summary>Takes one message in.</summary>
    public static Step Update(TuiModel model, Message message)
    {
        model = model with { Now = message.At };
        if (model.ArmedUntil is { } until && until <= model.Now)
        {
            model = model with { ArmedUntil = null, AllowDelete = null, Notice = new Notice("read-only again: 15 minutes are over; W arms") };
        }

        bool wasSilent = model.Links.Values.All(link => Moments.Links.Of(link, model.Now) != Linked.Live);
        var step = message switch
        {
            Message.Pressed pressed => KeyPresses.Press(model, pressed.Key),
            Message.Pasted pasted => Typing.Paste(model, pasted.Text),
            Message.Resized resized => model with { Columns = resized.Columns, Rows = resized.Rows },
            Message.Resumed => Step.Of(model, new Effect.Redraw()),
            Message.Woke => model,
            Message.Said said => model with { Notice = new Notice(said.Text, said.IsTrouble) },
            Message.Answered answered => Confirming.Answered(model, answered),
            _ => News(model, message),
        };
        // Ages stood still while nothing was heard; and time alone makes a host suspect.
        if (step.Model.Health.Until <= step.Model.Now || (wasSilent && message is (Message.Heard or Message.Happened)))
        {
            step = step with { Model = HostNews.Recounted(step.Model) };
        }

        if (message is not (Message.Pressed or Message.Pasted))
        {
            step = step.Then(after => Hear(after, message));
        }

        step = step.Then(FollowLog);
        return step with { Model = Waking.Set(step.Model) };
    }

    /// <summary>Lines are told of one job alone, and only while its log is in front.</summary>
    private static Step FollowLog(TuiModel model)
    {
        JobId? wanted = model.Place.Screen == ScreenName.Log && model.Log.Job is { } job && model.Jobs.Find(job)?.View?.State.IsTerminal() == false ? job : null;
        return wanted == model.LogOf ? model : Step.Of(model with { LogOf = wanted }, new Effect.FollowLog(wanted));
    }

    /// <summary>Shows a place, and asks for what it needs; where it was, esc leads back to. Ends a freeze.</summary>
    public static Step Go(TuiModel model, Place place)
    {
        if (place == model.Place)
        {
            return AllScreens.Of(place.Screen).Open(model);
        }

        var back = model.Back.Push(model.Place);
        back = back.Count() > MostBack ? [.. back.Take(MostBack).Reverse()] : back;
        return Keeping.Remember(AllScreens.Of(place.Screen).Open(model with { Place = place, Back = back, Overlay = null, Frozen = null }));
    }

    /// <summary>Shows the place before; the notice says so where there is none.</summary>
    public static Step GoBack(TuiModel model) => model.Back.IsEmpty
        ? model with { Notice = new Notice("q quits") }
        : AllScreens.Of(model.Back.Peek().Screen).Open(model with { Place = model.Back.Peek(), Back = model.Back.Pop(), Overlay = null, Frozen = null });

    private static Step News(TuiModel model, Message message) => message switch
    {
        Message.Connected told => LinkNews.Connected(model, told).Then(after => HostNews.Recounted(after)),
        Message.Heard told => LinkNews.Heard(model, told),
        Message.Lost told => LinkNews.Lost(model, told),
        Message.HostsTold told => HostNews.Told(model, told),
        Message.GroupsTold told => HostNews.Groups(model, told),
        Message.JobsTold told => JobNews.Told(model, told.Jobs),
        Message.Happened told => JobNews.Happened(model, told),
        Message.StandingsTold told => JobNews.Standings(model, told),
        Message.ShapesTold told => JobNews.Shapes(model, told),
        Message.ContentTold told => JobNews.Content(model, told),
        Message.LogTold told => JobNews.Log(model, told),
        Message.Unanswered told => model with { Notice = new Notice(told.Why, IsTrouble: true) },
        _ => model,
    };

    /// <summary>The screen in front hears everything, but nothing while it is frozen; the others hear what somebody asked for, so that no answer is lost when the operator has gone on.</summary>
    private static Step Hear(TuiModel model, Message message)
    {
        Step step = model;
        bool isAnswer = message is Message.JobsTold { Of: not null } or Message.ShapesTold or Message.ContentTold or Message.LogTold or Message.AuditTold or Message.Answered or Message.Unanswered;
        foreach (var screen in AllScreens.Each)
        {
            bool isFront = screen.Name == model.Place.Screen;
            if (isFront ? model.Frozen is null : isAnswer)
            {
                step = step.Then(after => screen.Hear(after, message));
            }
        }

        return step;
    }
}

using Deploy.Model.Text;
using Deploy.Tui.Screen;

namespace Deploy.Tui.Loop;

/// <summary>What is done beside drawing.</summary>
internal sealed partial class Dashboard<TModel>
{
    private void Do(IReadOnlyList<Effect> effects)
    {
        foreach (var effect in effects)
        {
            Do(effect);
            if (end is not null)
            {
                return;
            }
        }
    }

    private void Do(Effect effect)
    {
        switch (effect)
        {
            case Effect.Quit quit:
                end = new DashboardEnd(quit.Say, null);
                break;
            case Effect.Suspend:
                Suspend();
                break;
            case Effect.Redraw:
                shown = null;
                Want(Pace.AtOnce);
                break;
            case Effect.Copy copy:
                Copy(copy);
                break;
            case Effect.Export export:
                own.Enqueue(ExportFile.Write(options.ExportDirectory, export.Name, export.Text, time.GetLocalNow()));
                break;
            case Effect.Remember remember:
                Remember(remember);
                break;
            case Effect.OfFleet question:
                fleet.Ask(question);
                break;
        }
    }

    private void Suspend()
    {
        terminal.Suspend();
        own.Enqueue(new Message.Resized(terminal.Size.Columns, terminal.Size.Rows));
        own.Enqueue(new Message.Resumed());
        shown = null;
        Want(Pace.AtOnce);
    }

    private void Copy(Effect.Copy copy)
    {
        // A name or an output of a host may have line breaks and escapes in it, and a shell that it is put into would act on them.
        if (Clipboard.Of(SafeText.Of(copy.Text)) is { } bytes)
        {
            terminal.Write(bytes);
            own.Enqueue(new Message.Said($"copied {copy.What}", IsTrouble: false));
        }
        else
        {
            own.Enqueue(new Message.Said($"{copy.What} is too long for a clipboard (over {Clipboard.MostBytes / 1024} KiB): x exports it to a file", IsTrouble: true));
        }
    }

    private void Remember(Effect.Remember remember)
    {
        if (options.KeepPath is { } path && KeptFile.Write(path, remember.Kept) is { } why && !saidNotKept)
        {
            saidNotKept = true;
            own.Enqueue(new Message.Said(why, IsTrouble: true));
        }
    }
}

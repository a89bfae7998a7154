using Deploy.Tui;
using Deploy.Tui.Demo;
using Deploy.Tui.Keys;
using Deploy.Tui.Screen;
using Deploy.Tui.State;
using Deploy.Tui.Views;

namespace Deploy.Tests.Tui.Docs;

/// <summary>The dashboard on the made-up fleet, without a terminal and with a clock that a test moves: keys in, pictures out.</summary>
internal sealed class DemoScreen
{
    /// <summary>When the demonstrations of the documents begin.</summary>
    public static readonly DateTimeOffset Begin = new(2026, 11, 23, 14, 2, 0, TimeSpan.Zero);

    private readonly DemoWorld world;
    private TuiModel model;

    /// <param name="columns">The terminal's.</param>
    /// <param name="rows">The terminal's.</param>
    /// <param name="isAscii">Whether it has no UTF-8.</param>
    /// <param name="hosts">How many there are.</param>
    public DemoScreen(int columns = 80, int rows = 24, bool isAscii = true, int hosts = 500)
    {
        world = new DemoWorld(seed: 1, hosts, Begin);
        model = new TuiModel { Setup = Setup(isAscii) };
        Do(Updating.Start(model.Setup));
        Hear(new Message.Resized(columns, rows));
        foreach (var told in world.Greeting())
        {
            Hear(told);
        }

        Wait(TimeSpan.FromSeconds(2));
    }

    /// <summary>All that the dashboard knows.</summary>
    public TuiModel Model => model;

    /// <summary>What it wanted done beside the fleet, oldest first.</summary>
    public List<Effect> Effects { get; } = [];

    /// <summary>What is shown now.</summary>
    public Picture Picture => Views.Draw(model);

    /// <summary>The same without roles: a line a row.</summary>
    public string Text => string.Join('\n', Picture.Lines.Select(line => line.Text)) + "\n";

    /// <summary>Presses keys: characters as they are, and <c>&lt;enter&gt;</c>, <c>&lt;esc&gt;</c>, <c>&lt;tab&gt;</c>, <c>&lt;down&gt;</c>, <c>&lt;wait&gt;</c> (two seconds), <c>&lt;clear&gt;</c> (the line that is typed).</summary>
    public DemoScreen Press(string keys)
    {
        for (int at = 0; at < keys.Length;)
        {
            int end = keys[at] == '<' ? keys.IndexOf('>', at) : -1;
            string name = end > 0 ? keys[(at + 1)..end] : string.Empty;
            bool isName = true;
            switch (name)
            {
                case "enter": Hear(new Message.Pressed(new Key(KeyName.Enter))); break;
                case "esc": Hear(new Message.Pressed(new Key(KeyName.Escape))); break;
                case "tab": Hear(new Message.Pressed(new Key(KeyName.Tab))); break;
                case "down": Hear(new Message.Pressed(new Key(KeyName.Down))); break;
                case "up": Hear(new Message.Pressed(new Key(KeyName.Up))); break;
                case "clear": Hear(new Message.Pressed(Key.Ctrl('u'))); break;
                case "wait": Wait(TimeSpan.FromSeconds(2)); break;
                default: isName = false; break;
            }

            if (!isName)
            {
                Hear(new Message.Pressed(Key.Of(keys[at])));
            }

            at = isName ? end + 1 : at + 1;
        }

        return this;
    }

    /// <summary>Lets time pass.</summary>
    public DemoScreen Wait(TimeSpan time)
    {
        for (var end = world.Now + time; world.Now < end;)
        {
            foreach (var told in world.Advance(world.Now.AddMilliseconds(250)))
            {
                Hear(told);
            }

            if (model.Wake <= world.Now)
            {
                Hear(new Message.Woke());
            }
        }

        return this;
    }

    /// <summary>Lets time pass until the screen has a text, ten minutes at most.</summary>
    public DemoScreen Until(string text)
    {
        for (int second = 0; second < 600 && !Text.Contains(text, StringComparison.Ordinal); second++)
        {
            Wait(TimeSpan.FromSeconds(1));
        }

        return this;
    }

    private static TuiSetup Setup(bool isAscii) => new()
    {
        Place = DemoWorld.Name,
        Option = " --via proxy-01",
        By = DemoAudit.You,
        IsAscii = isAscii,
        Zone = TimeZoneInfo.Utc,
    };

    private void Hear(Message message) => Do(Updating.Update(model, message with { At = world.Now }));

    private void Do(Step step)
    {
        model = step.Model;
        foreach (var effect in step.Effects)
        {
            if (effect is Effect.OfFleet question)
            {
                foreach (var answer in world.Answer(question))
                {
                    Hear(answer);
                }
            }
            else
            {
                Effects.Add(effect);
            }
        }
    }
}

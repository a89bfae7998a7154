using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Output;
using Deploy.Tui.Keys;
using Deploy.Tui.Pieces;
using Deploy.Tui.Screen;
using Deploy.Tui.State;
using Deploy.Tui.Wishes;

namespace Deploy.Tui.Screens.Plan;

/// <summary>A plan: the shapes of its change sets, what is in each, and the way to do it.</summary>
internal sealed partial class PlanScreen : IScreen
{
    private const int Around = 4; // the sum, two rules, the note

    public ScreenName Name => ScreenName.Plan;

    public Step Open(TuiModel model)
    {
        if (Chosen(model) is not { } id)
        {
            var question = new Effect.ReadJobs(new JobQuery { Order = Order.Rlist });
            return Step.Of(model with { Plan = new PlanPane { Asked = question } }, question);
        }

        model = model with { Plan = model.Plan.Job == id ? model.Plan with { Asked = null, Trouble = null } : new PlanPane { Job = id, Zoom = model.Plan.Zoom } };
        return Step.Of(model, new Effect.ReadJob(id)).Then(Wanting);
    }

    public Step Do(TuiModel model, KeyAction action)
    {
        if (Record(model) is not { View: { } job } record)
        {
            return action == KeyAction.Again ? Open(model) : model;
        }

        model = Remade(model, record);
        var (pane, rows) = (model.Plan, model.Plan.Rows!);
        var row = At(model, rows);
        if (pane.IsBelow && Scroll(pane, action, Below(model, row).Count, Layout(model, rows).Below) is { } scrolled)
        {
            return model with { Plan = scrolled };
        }

        if (action is not (KeyAction.Mark or KeyAction.MarkAll or KeyAction.MarkNone) && ListKeys.Do(pane.List, rows.Keys, action, Layout(model, rows).Shapes) is { } moved)
        {
            return Wanting(model with { Plan = pane with { List = moved, At = 0, Top = 0 } });
        }

        switch (action)
        {
            case KeyAction.NextPane or KeyAction.PreviousPane or KeyAction.Open:
                return model with { Plan = pane with { IsBelow = !pane.IsBelow } };
            case KeyAction.Deletions:
                return Wanting(model with { Plan = pane with { IsDeletions = !pane.IsDeletions, IsUnfolded = false, At = 0, Top = 0 } });
            case KeyAction.Unfold:
                return model with { Plan = pane with { IsUnfolded = !pane.IsUnfolded, At = 0, Top = 0 } };
            case KeyAction.ExcludeShape when row?.Digest is { } digest:
                return model with { Plan = pane with { Excluded = pane.Excluded.SymmetricExcept([digest]) } };
            case KeyAction.ZoomIn:
                return model with { Plan = pane with { Zoom = Math.Min(pane.Zoom + 1, 40) } };
            case KeyAction.ZoomOut:
                return model with { Plan = pane with { Zoom = Math.Max(pane.Zoom - 1, -40) } };
            case KeyAction.Again:
                return Wished(model, Deploying.Again(record));
            case KeyAction.Deploy when WhyNot(model, action) is null:
                return Wished(model, Deploying.Of(record, pane.Excluded, model.Now));
            default:
                return model;
        }
    }

    public Step Hear(TuiModel model, Message message)
    {
        if (message is Message.Unanswered told && told.Of.Equals(model.Plan.Asked))
        {
            return model with { Plan = model.Plan with { Trouble = told.Why } };
        }

        if (message is Message.JobsTold { Of: { } of } && of.Equals(model.Plan.Asked))
        {
            model = model with { Plan = model.Plan with { Asked = null } };
        }

        if (model.Place.Screen != ScreenName.Plan)
        {
            return model;
        }

        // The plan that one looks at stays; where there was none, the first that is told of is it.
        return model.Plan.Job is null ? Chosen(model) is null ? model : Open(model) : Wanting(model);
    }

    public string? WhyNot(TuiModel model, KeyAction action)
    {
        var record = Record(model);
        return action switch
        {
            KeyAction.Deploy => Deploying.WhyNot(record) ?? Deploying.Of(record!, model.Plan.Excluded, model.Now).Trouble,
            KeyAction.Again => record is null ? null : Deploying.Again(record).Trouble,
            KeyAction.Deletions or KeyAction.Unfold or KeyAction.ExcludeShape or KeyAction.Open when record?.View is null => "there is no plan",
            KeyAction.ExcludeShape when record?.View?.State.IsTerminal() == false => "the plan is not whole yet: its shapes may change places",
            KeyAction.ExcludeShape when Rows(model) is { } rows && At(model, rows)?.Digest is null => "these hosts have no plan: they are left out anyway",
            _ => null,
        };
    }

    public IReadOnlyList<KeyAction> Hints(TuiModel model) => Record(model) is null
        ? [KeyAction.ShowFleet, KeyAction.Quit]
        : [KeyAction.Deletions, KeyAction.Unfold, KeyAction.ExcludeShape, KeyAction.Again, KeyAction.Export, KeyAction.Deploy];

    public string? Copy(TuiModel model)
    {
        if (Rows(model) is not { } rows || At(model, rows) is not { } row)
        {
            return null;
        }

        var below = Below(model, row);
        return !model.Plan.IsBelow || below.Count == 0 ? row.Folded
            : below.Changes is { } changes ? changes.At(Math.Clamp(model.Plan.At, 0, below.Count - 1), model.Plan.IsDeletions) is { } change ? PlanTable.Name(change) : null
            : row.Hosts[Math.Clamp(model.Plan.At, 0, below.Count - 1)].Host;
    }

    public string? Command(TuiModel model) => Record(model) is { } record ? ActCommand.Watch(record.Id, model.Setup.Option, changes: true) : null;

    private static Step Wished(TuiModel model, Wished wished) => wished.Wish is { } wish
        ? Confirming.Ask(model, wish, wished.Warnings, wished.IsAboveGuard)
        : model with { Notice = new Notice(wished.Trouble ?? string.Empty, IsTrouble: true) };

    /// <summary>The plan that was opened; else the newest.</summary>
    private static JobId? Chosen(TuiModel model)
    {
        if (model.Place is { Screen: ScreenName.Plan, Job: { } opened })
        {
            return opened;
        }

        foreach (var id in model.Jobs.Newest)
        {
            if (model.Jobs.Find(id)?.View?.IsPlan == true)
            {
                return id;
            }
        }

        return null;
    }

    private static JobRecord? Record(TuiModel model) => model.Jobs.Find(model.Plan.Job);

    private static PlanRows? Rows(TuiModel model) => Record(model) is { View: not null } record ? PlanRows.Of(model.Plan.Rows, record, model.Now) : null;

    private static PlanRow? At(TuiModel model, PlanRows rows) => rows.Rows.Count == 0 ? null : rows.Rows[model.Plan.List.PlaceIn(rows.Keys)];

    private static TuiModel Remade(TuiModel model, JobRecord record) => PlanRows.Of(model.Plan.Rows, record, model.Now) is var rows && rows != model.Plan.Rows ? model with { Plan = model.Plan with { Rows = rows } } : model;

    /// <summary>Rows and changes made anew where something came, and asked for what is missing: the shapes once the plan has ended, the content of the shape under the cursor.</summary>
    private static Step Wanting(TuiModel model)
    {
        if (Record(model) is not { View: { } job } record)
        {
            return model;
        }

        model = Remade(model, record);
        if (At(model, model.Plan.Rows!)?.Digest is not { } digest)
        {
            return model;
        }

        if (record.Contents.TryGetValue(digest, out var content))
        {
            return content is null || model.Plan.Changes?.Content == content ? model : model with { Plan = model.Plan with { Changes = PlanChanges.Of(content) } };
        }

        var question = new Effect.ReadContent(job.Id, digest);
        return !job.State.IsTerminal() || question.Equals(model.Plan.Asked) ? model : Step.Of(model with { Plan = model.Plan with { Asked = question, Trouble = null } }, question);
    }
}

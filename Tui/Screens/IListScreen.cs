using Deploy.Tui.Filters;
using Deploy.Tui.State;

namespace Deploy.Tui.Screens;

/// <summary>A screen with a list that can be filtered and sorted: filter line, palette and state file work on it by this.</summary>
internal interface IListScreen : IScreen
{
    /// <summary>Its list, as it is now.</summary>
    ListState List(TuiModel model);

    /// <summary>The model with the list so; the screen remakes its rows.</summary>
    TuiModel With(TuiModel model, ListState list);

    /// <summary>Why a filter cannot be read; null where it can. Only a good one ever gets into <see cref="ListState.Filter"/>.</summary>
    FilterMistake? Check(string filter);

    /// <summary>The fields of the filter, for completion and help: their names and what may stand behind the colon.</summary>
    IReadOnlyList<(string Name, string Shape)> Fields { get; }

    /// <summary>A filter as an example.</summary>
    string Example { get; }

    /// <summary>The names by which it can be sorted, lower case, in the order in which <c>s</c> goes through them.</summary>
    IReadOnlyList<string> Columns { get; }
}

namespace Deploy.Tui.Filters;

/// <summary>Why a filter cannot be read.</summary>
/// <param name="Text">One line, safe to print, with what is expected.</param>
/// <param name="Offset">Where, in UTF-16 units from the start of the filter.</param>
internal sealed record FilterMistake(string Text, int Offset);

/// <summary>What came of reading a filter: exactly one of the two.</summary>
/// <param name="Filter">Null where there is a mistake.</param>
/// <param name="Mistake">Null where it is good.</param>
internal sealed record FilterReading<T>(Filter<T>? Filter, FilterMistake? Mistake);

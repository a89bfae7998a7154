namespace Deploy.Tui.State;

/// <summary>What a dashboard is started with.</summary>
internal sealed record TuiSetup
{
    /// <summary>Where it is connected, as the header has it: <c>proxy01:3441</c>, <c>3 agents</c>, <c>demo</c>.</summary>
    public required string Place { get; init; }

    /// <summary>What a command line says to come here, with a blank in front: <c> --via proxy01</c>, <c> --hosts web-001</c>.</summary>
    public required string Option { get; init; }

    /// <summary>Who gives the orders, as they say it: <c>alice@desk</c>.</summary>
    public required string By { get; init; }

    /// <summary>True where it can never be armed: <c>--read-only</c>.</summary>
    public bool IsReadOnly { get; init; }

    /// <summary>True where the terminal's locale is not UTF-8: borders and bars are ASCII, other letters become <c>?</c>.</summary>
    public bool IsAscii { get; init; }

    /// <summary>In which times are shown.</summary>
    public required TimeZoneInfo Zone { get; init; }

    /// <summary>The choices of the last time.</summary>
    public Kept Kept { get; init; } = new();

    /// <summary>What becomes of running jobs when it is left; <see cref="IFleet.Future"/>.</summary>
    public string? Future { get; init; }
}

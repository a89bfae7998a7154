namespace Deploy.Tui.Screen;

/// <summary>Which role looks how. Only the 16 colours of the terminal, so that its own scheme decides what they are; never a background, other than by reversing.</summary>
internal sealed class Theme
{
    private readonly Style[] styles;

    private Theme(string name, Func<Role, Style> style)
    {
        Name = name;
        styles = [.. Enum.GetValues<Role>().Select(style)];
    }

    /// <summary>The 16 colours.</summary>
    public static Theme Ansi { get; } = new("ansi", role => role switch
    {
        Role.Quiet or Role.Frame => new Style(0, Weight.Dim),
        Role.Title or Role.Key => new Style(0, Weight.Bold),
        Role.Good => new Style(Style.Green),
        Role.Bad => new Style(Style.Red, Weight.Bold),
        Role.Warning => new Style(Style.Yellow),
        Role.Running => new Style(Style.Cyan),
        Role.Marked => new Style(Style.Magenta),
        Role.Match => new Style(0, Weight.Bold | Weight.Underline),
        Role.Cursor => new Style(0, Weight.Reverse),
        Role.Armed => new Style(Style.Red, Weight.Bold | Weight.Reverse),
        _ => default,
    });

    /// <summary>No colour at all: <c>NO_COLOR</c>.</summary>
    public static Theme Mono { get; } = new("mono", role => role switch
    {
        Role.Quiet or Role.Frame => new Style(0, Weight.Dim),
        Role.Title or Role.Key or Role.Bad or Role.Marked => new Style(0, Weight.Bold),
        Role.Warning => new Style(0, Weight.Underline),
        Role.Match => new Style(0, Weight.Bold | Weight.Underline),
        Role.Cursor => new Style(0, Weight.Reverse),
        Role.Armed => new Style(0, Weight.Bold | Weight.Reverse),
        _ => default,
    });

    /// <summary>For eyes that do not tell red from green: blue is good, yellow is not, and what is bad is underlined, too.</summary>
    public static Theme Safe { get; } = new("safe", role => role switch
    {
        Role.Quiet or Role.Frame => new Style(0, Weight.Dim),
        Role.Title or Role.Key => new Style(0, Weight.Bold),
        Role.Good => new Style(Style.Blue),
        Role.Bad => new Style(Style.Yellow, Weight.Bold | Weight.Underline),
        Role.Warning => new Style(Style.Yellow),
        Role.Running => new Style(0, Weight.Bold),
        Role.Marked => new Style(Style.Blue, Weight.Bold),
        Role.Match => new Style(0, Weight.Bold | Weight.Underline),
        Role.Cursor => new Style(0, Weight.Reverse),
        Role.Armed => new Style(Style.Yellow, Weight.Bold | Weight.Reverse),
        _ => default,
    });

    /// <summary>All of them, the default first.</summary>
    public static IReadOnlyList<Theme> All { get; } = [Ansi, Mono, Safe];

    /// <summary>As options and files call it.</summary>
    public string Name { get; }

    /// <summary>The theme of a name.</summary>
    /// <param name="name">Null is the default.</param>
    /// <param name="noColour">Whether <c>NO_COLOR</c> is set: then it is <see cref="Mono"/>, whatever the name.</param>
    /// <returns>Null where there is none of this name.</returns>
    public static Theme? Find(string? name, bool noColour = false) => All.FirstOrDefault(theme => theme.Name == (name ?? Ansi.Name)) is { } found ? noColour ? Mono : found : null;

    /// <summary>How a role looks; one that is not known is plain.</summary>
    public Style Of(Role role) => (uint)role < (uint)styles.Length ? styles[(int)role] : default;
}

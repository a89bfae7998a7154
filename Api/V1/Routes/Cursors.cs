namespace Deploy.Api.V1.Routes;

/// <summary>Where a page or a stream goes on, as a peer sends it back.</summary>
internal static class Cursors
{
    private const int Letters = 128;

    /// <summary>The answer to a cursor that never was one of ours.</summary>
    public static V1Reply Bad => V1Reply.Bad("cursor is what the page before said, and nothing else");

    /// <summary>True for none, and for what may be one of a page.</summary>
    public static bool IsPage(string? cursor) => cursor is null || (cursor.Length is > 0 and <= Letters && cursor.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or ':' or '.'));

    /// <summary>True for none, and for <c>EPOCH:SEQ</c> of an event.</summary>
    public static bool IsEvent(string? since) => since is null || (since.Split(':') is [{ Length: > 0 and <= Letters } epoch, { Length: > 0 and <= 18 } number] && epoch.All(char.IsAsciiLetterOrDigit) && number.All(char.IsAsciiDigit));
}

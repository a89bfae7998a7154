namespace Deploy.Modes.Doctor;

/// <summary>How bad something is.</summary>
internal enum Grade
{
    Ok,

    /// <summary>To be known; it may be meant.</summary>
    Note,

    /// <summary>To be mended: exit code 1.</summary>
    Problem,
}

/// <summary>One thing that was looked at.</summary>
/// <param name="Grade">How bad it is.</param>
/// <param name="About">What it is about, one or two words: <c>rsync</c>, <c>host key</c>.</param>
/// <param name="What">What was found, with the next step where it is not well; one line, safe to print.</param>
internal sealed record Finding(Grade Grade, string About, string What)
{
    /// <summary>The grade as it is printed.</summary>
    public string Word => Grade switch { Grade.Ok => "ok", Grade.Note => "note", _ => "problem" };
}

namespace Deploy.Rsync.Arguments;

/// <summary>What a group's options say of deleting.</summary>
/// <param name="Deletes">What the origin lacks goes (<c>--delete</c> and its kin).</param>
/// <param name="Forces">What is in a directory goes where the origin has something else of that name (<c>--force</c>, and wherever <paramref name="Deletes"/>).</param>
/// <param name="SaysWhen">The options say when it is deleted (<c>--delete-before</c>, <c>-during</c>, <c>-delay</c>, <c>-after</c>, <c>--del</c>), or there is nothing to say: with <c>--delete-missing-args</c> alone any of these would turn on what nobody asked for.</param>
internal readonly record struct Deletion(bool Deletes, bool Forces, bool SaysWhen)
{
    /// <summary>Reads them.</summary>
    /// <param name="options">The group's words; null means <see cref="SyncCall.DefaultOptions"/>.</param>
    public static Deletion Of(IReadOnlyList<string>? options)
    {
        var deletion = default(Deletion);
        bool inTree = false; // else missing arguments alone
        foreach (string word in OptionWords.Read(options ?? SyncCall.DefaultOptions).Words)
        {
            inTree |= word != "--delete-missing-args" && word.StartsWith("--del", StringComparison.Ordinal);

            // A pattern may look like one of these: then the guard looks at a sync that deletes nothing, which is no harm.
            deletion = word switch
            {
                "--force" => deletion with { Forces = true },
                "--del" or "--delete-before" or "--delete-during" or "--delete-delay" or "--delete-after" => new Deletion(true, true, true),
                _ when word.StartsWith("--delete", StringComparison.Ordinal) => deletion with { Deletes = true, Forces = true },
                _ => deletion,
            };
        }

        return deletion with { SaysWhen = deletion.SaysWhen || !inTree };
    }
}

using Deploy.Model.Text;

namespace Deploy.Rsync.Targets;

/// <summary>How a new target is told: by its own path, whatever rsync was told, and as if rsync had made it.</summary>
/// <param name="Line"><c>created directory X</c>, as rsync prints it for that path.</param>
/// <param name="ByUs">We made it, so rsync does not say so.</param>
internal sealed record CreatedTarget(ReadOnlyMemory<byte> Line, bool ByUs)
{
    /// <param name="target">The target as written; rsync takes one slash from its end.</param>
    /// <param name="byUs">We made it.</param>
    public static CreatedTarget Of(string target, bool byUs) =>
        new((byte[])[.. "created directory "u8, .. RsyncName.Print(ByteText.ToBytes(target.EndsWith('/') ? target[..^1] : target))], byUs);
}

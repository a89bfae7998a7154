using System.Globalization;
using Deploy.Model;

namespace Deploy.Protocol;

/// <summary>
/// What the original's answers have no place for, in a header that its client does not read: the job's id and state, why, and more.
/// </summary>
/// <remarks>
/// <c>Deploy-Job: 01K…; state=failed; changes=3; reason=exit%20code%203; last-sync=failed%20…</c>. Parameters in any order, unknown ones skipped,
/// values percent-encoded UTF-8. At most <see cref="MaxValueBytes"/> a value.
/// </remarks>
/// <param name="Id">The job's id, a ULID.</param>
/// <param name="State">Where the host stands in it; running for a sync that goes on.</param>
internal sealed record JobHeader(string Id, HostState State)
{
    /// <summary>The header's name.</summary>
    public const string Name = "Deploy-Job";

    private const int MaxValueBytes = 1024; // a reason is a line; a head may have 32 KiB

    /// <summary>Why, for a person; null where the state says it all.</summary>
    public string? Reason { get; init; }

    /// <summary>status and rlist: everything that a sync would do, links, directories and attributes included; null for other orders.</summary>
    public long? Changes { get; init; }

    /// <summary>How the target's last sync ended where that was not well, e.g. <c>failed 2026-11-22T14:03:11Z: …</c>; null else.</summary>
    public string? LastSync { get; init; }

    /// <summary>The header's value: ASCII, one line.</summary>
    public string Encode()
    {
        var parts = new List<string> { Id, "state=" + State.Word() };
        if (Changes is { } changes)
        {
            parts.Add("changes=" + changes.ToString(CultureInfo.InvariantCulture));
        }

        if (Reason is not null)
        {
            parts.Add("reason=" + Escape(Reason));
        }

        if (LastSync is not null)
        {
            parts.Add("last-sync=" + Escape(LastSync));
        }

        return string.Join("; ", parts);
    }

    /// <summary>Reads a value; null for what is none. Never throws; what it holds is remote text.</summary>
    public static JobHeader? Parse(string value)
    {
        string[] parts = value.Split(';', StringSplitOptions.TrimEntries);
        if (!JobId.TryParse(parts[0], out var id))
        {
            return null;
        }

        var header = new JobHeader(id.ToString(), HostState.Unknown);
        bool hasState = false;
        foreach (string part in parts.Skip(1))
        {
            int equals = part.IndexOf('=', StringComparison.Ordinal);
            string text = equals < 0 ? string.Empty : Uri.UnescapeDataString(part[(equals + 1)..]);
            switch (equals < 0 ? part : part[..equals])
            {
                case "state" when HostStates.TryParse(text, out var state):
                    header = header with { State = state };
                    hasState = true;
                    break;
                case "changes" when long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long changes):
                    header = header with { Changes = changes };
                    break;
                case "reason":
                    header = header with { Reason = text };
                    break;
                case "last-sync":
                    header = header with { LastSync = text };
                    break;
            }
        }

        return hasState ? header : null;
    }

    private static string Escape(string text) => Uri.EscapeDataString(text.Length <= MaxValueBytes ? text : text[..MaxValueBytes] + "…");
}

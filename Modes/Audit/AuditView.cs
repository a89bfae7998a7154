using System.Globalization;
using System.Text;
using Deploy.Model.Text;
using Deploy.Output;
using Deploy.Security.Audit;

namespace Deploy.Modes.Audit;

/// <summary>Prints records of an audit log, each on a line.</summary>
/// <param name="terminal">Takes them.</param>
/// <param name="isJson">As they are, instead of as text.</param>
internal sealed class AuditView(Terminal terminal, bool isJson)
{
    /// <summary>From when on; null is all.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Whose, by name, by key, or by how it is known; null is everybody's.</summary>
    public string? Who { get; init; }

    /// <summary>What was refused alone.</summary>
    public bool RefusedAlone { get; init; }

    /// <summary>Prints those of one file that are asked for. What is no record is said, and passed over.</summary>
    public void Show(string name, Stream file)
    {
        long number = 0, odd = 0;
        foreach (var line in AuditLines.Of(file))
        {
            number++;
            if (!AuditLine.TryRead(line.Span, out var record))
            {
                odd = odd == 0 ? number : odd;
            }
            else if (IsAsked(record))
            {
                terminal.Out.WriteLine(isJson ? SafeText.Of(ByteText.FromBytes(line.Span[..^1])) : Text(record));
            }
        }

        if (odd > 0)
        {
            terminal.WriteWarning($"{SafeText.Of(name)}:{odd} is no record: a kill left it, or somebody wrote there; `deploy audit verify` tells");
        }
    }

    private bool IsAsked(AuditLine record) =>
        (Since is not { } since || !DateTimeOffset.TryParse(record.Time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) || time >= since)
        && (Who is null || Who == record.Who || Who == record.Key || Who == record.By)
        && (!RefusedAlone || record.Outcome == AuditLine.Refused);

    private static string Text(AuditLine record)
    {
        var text = new StringBuilder($"{record.Time}  {record.Outcome ?? record.Ask,-8}  ");
        switch (record.Ask)
        {
            case "torn":
                text.Append(CultureInfo.InvariantCulture, $"{record.TornBytes} bytes before this are a record that a kill left in part");
                break;
            case "omitted":
                text.Append(CultureInfo.InvariantCulture, $"{record.Count} records were not written");
                break;
            default:
                text.Append(CultureInfo.InvariantCulture, $"{record.Who ?? record.By,-12}  {(record.Ask == "steal" ? "steal" : record.Order)}");
                Append(" ", record.What);
                Append(" on ", record.Hosts);
                Append("  job ", record.Job);
                Append("  from ", record.Peer);
                text.Append(CultureInfo.InvariantCulture, $"  by {record.By}");
                Append(" ", record.Key);
                Append("  because ", record.Reason);
                Append(record.Was is null ? "  refused: " : "  not done, though accepted before: ", record.Refusal);
                break;
        }

        return SafeText.Of(text.ToString());

        void Append(string before, string? value) => _ = value is null ? text : text.Append(before).Append(value);
    }
}

using System.Globalization;
using Deploy.Model.Jobs;
using Deploy.Output;
using Deploy.Tui.Screen;
using Deploy.Tui.State;

namespace Deploy.Tui.Pieces;

/// <summary>The hosts of a job in few words.</summary>
internal static class HostsText
{
    /// <summary><c>web (40)</c> where they are those of a group, else <c>web-[001-040] (40)</c>, cut where the number still stands behind; one host is its name.</summary>
    public static string Of(TuiModel model, JobView job, int columns)
    {
        string name = Name(model, job.Hosts);
        if (job.Summary.Hosts == 1)
        {
            return TextColumns.Cut(name, columns);
        }

        string count = $" ({ByteSize.Count(job.Summary.Hosts)})";
        return columns < count.Length + 3
            ? TextColumns.Cut(job.Summary.Hosts.ToString(CultureInfo.InvariantCulture), columns)
            : TextColumns.Cut(name, columns - count.Length) + count;
    }

    /// <summary>The group whose hosts these are, all of them and no other; else the hosts.</summary>
    public static string Name(TuiModel model, string folded)
    {
        foreach (var group in model.Groups)
        {
            if (group.Hosts == folded)
            {
                return group.Name;
            }
        }

        return folded.Length > 400 ? folded[..400] : folded; // of a list that no line holds the start does
    }
}

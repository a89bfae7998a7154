using System.Globalization;
using Deploy.Model.Jobs;
using Deploy.Model.Text;
using Deploy.Output.Live;

namespace Deploy.Output.Folded;

/// <summary>Jobs, and leases, as tables.</summary>
internal static class JobsTable
{
    private const string Gap = "  ";
    private const int MostText = 60; // columns of a text that others wrote

    /// <summary>A line a job, in the order given; none for none.</summary>
    /// <param name="jobs">The jobs.</param>
    /// <param name="zone">Of the times.</param>
    public static IEnumerable<string> Jobs(IReadOnlyList<JobView> jobs, TimeZoneInfo zone) => Table(
        ["ID", "ACCEPTED", "ORDER", "STATE", "HOSTS", "BY"],
        jobs.Select(job => (string[])[job.Id.ToString(), Moment(job.Accepted, zone), SafeText.Of(LiveText.Subject(job), MostText), job.State.Word(), $"{ByteSize.Count(job.Summary.Hosts)}: {CountText.Of(job.Summary)}", Said(job.By)]));

    /// <summary>A line a lease.</summary>
    public static IEnumerable<string> Leases(IReadOnlyList<Lease> leases, TimeZoneInfo zone) => Table(
        ["GROUP", "JOB", "SINCE", "EXPIRES", "HOLDER", "REASON", "HOSTS"],
        leases.Select(lease => (string[])[SafeText.Of(lease.What, MostText), lease.Job.ToString(), Moment(lease.Since, zone), Moment(lease.Expires, zone), Said(lease.Holder), Said(lease.Reason), SafeText.Of(lease.Hosts, MostText)]));

    /// <summary>Aligned columns under their heads, without blanks at the ends of lines; nothing for no row.</summary>
    public static IEnumerable<string> Table(string[] heads, IEnumerable<string[]> rows)
    {
        string[][] all = [heads, .. rows];
        if (all.Length == 1)
        {
            yield break;
        }

        int[] widths = [.. Enumerable.Range(0, heads.Length).Select(column => all.Max(row => row[column].Length))];
        foreach (string[] row in all)
        {
            yield return string.Join(Gap, row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd();
        }
    }

    /// <summary><c>2026-03-01 14:02:07</c>.</summary>
    public static string Moment(DateTimeOffset time, TimeZoneInfo zone) => TimeZoneInfo.ConvertTime(time, zone).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    private static string Said(string? text) => text is null ? "-" : SafeText.Of(text, MostText);
}

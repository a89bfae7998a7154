using System.Diagnostics;
using System.Globalization;
using Deploy.Logs.Places;
using Xunit;

namespace Deploy.Tests.Logs.Places;

public class StrftimeTests
{
    /// <summary>Every conversion that both know, coreutils' date being the C library's strftime.</summary>
    private const string All = "%Y %C %y %G %g %m %d %e %j %H %k %I %l %M %S %p %b %h %B %a %A %u %w %U %V %W %F %T %D %R %s %Z %z %%";

    [Theory]
    [InlineData("UTC")]
    [InlineData("Europe/Berlin")]
    [InlineData("Asia/Kolkata")]
    [InlineData("America/New_York")]
    [InlineData("Australia/Lord_Howe")]
    public async Task Names_are_those_of_date(string zone)
    {
        var random = new Random(20261122);
        var times = Enumerable.Range(0, 400).Select(_ => random.NextInt64(1_600_000_000, 2_000_000_000)).Append(1_798_757_999).Append(1_798_758_000).ToList(); // 2020 to 2033; the turn of a year in Berlin
        var start = new ProcessStartInfo("date", ["-f", "-", "+" + All]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.Environment["TZ"] = zone;
        start.Environment["LC_ALL"] = "C";
        using var date = Process.Start(start)!;
        var reading = date.StandardOutput.ReadToEndAsync();
        await date.StandardInput.WriteAsync(string.Concat(times.Select(time => string.Create(CultureInfo.InvariantCulture, $"@{time}\n"))));
        date.StandardInput.Close();
        string[] expected = (await reading.WaitAsync(TimeSpan.FromSeconds(60))).TrimEnd('\n').Split('\n');

        var info = TimeZoneInfo.FindSystemTimeZoneById(zone);
        Assert.Equal(expected, times.Select(time => Strftime.Format(All, DateTimeOffset.FromUnixTimeSeconds(time), info)));
    }

    [Theory]
    [InlineData("/var/log/plain.log", "/var/log/plain.log")]
    [InlineData("100%", "100%")]
    [InlineData("%", "%")]
    [InlineData("%%Y", "%Y")]
    [InlineData("a%n%t%E%Oy%-d%1Q%é", "a%n%t%E%Oy%-d%1Q%é")]
    public void What_is_no_conversion_stays_as_it_is_written(string pattern, string expected) =>
        Assert.Equal(expected, Strftime.Format(pattern, DateTimeOffset.UnixEpoch, TimeZoneInfo.Utc));
}

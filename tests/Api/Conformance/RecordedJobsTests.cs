using System.Text.Json;
using System.Text.RegularExpressions;
using Deploy.Config;
using Deploy.Modes.Agent;
using Deploy.Modes.Agent.Ini;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.Api.Conformance;

/// <summary>Every job of the recordings' exec.ini, run by a live agent.</summary>
public sealed class RecordedJobsTests : IDisposable
{
    private readonly TempFolder folder = new();

    /// <summary>Options, whether it succeeds, what it prints (a pattern).</summary>
    public static TheoryData<string, bool, string> Jobs { get; } = new()
    {
        { "service:echo,hello,world", true, @"\Ahello world\n\z" },
        { "service:echo", true, @"\A\n\z" },
        { "service:true", true, @"\A\z" },
        { "service:trueargs,a,b", true, @"\A\z" },
        { "service:false", false, @"\A\z" },
        { "service:exit3", false, @"\Aout\nerr\n\z" },
        { "service:killself", false, @"\Adeploy: ended by signal 9\n\z" },
        { "service:two,a,b", true, @"\A\[a b\] \[\]\n\z" },
        { "service:date", true, @"\A\d{4}-\d\d\n\z" },
        { "service:pct", true, @"\A100% done\n\z" },
        { "app:sleep,0.01", true, @"\A\z" },
        { "app:id", false, "';' at column 6 needs a shell" },
        { "app:big,10", false, @"'\|' at column 22 needs a shell" },
        { "app:bin", true, "\\A\u0001\u00ff\"\\\\\\z" },
        { "app:nosuch,x", false, "cannot start /nonexistent/cmd: No such file or directory" },
        { "app:stdin", true, @"\A\z" },
        { "app:bg", false, "'&' at column 9 needs a shell" },
        { "app:missingfmt,a,b", true, @"\Aa\|b\|\z" },
        { "app:ids", true, @"\Auid=\d+" },
        { "app:suicide", false, "ended by signal 9" },
    };

    public void Dispose() => folder.Dispose();

    [Theory(Timeout = 120_000)]
    [MemberData(nameof(Jobs))]
    public async Task A_recorded_job_runs_or_says_why_not(string options, bool succeeds, string printed)
    {
        await using var agent = await StartAsync();
        var reply = await agent.OrderAsync("exec", options);
        Assert.Equal("HTTP/1.1 200 OK", reply.StatusLine);
        using var json = JsonDocument.Parse(reply.Body);
        string content = System.Text.Encoding.Latin1.GetString(json.RootElement.GetProperty("content").GetBytesFromBase64());
        Assert.Matches(new Regex(printed), content);
        Assert.Equal((options, succeeds ? "true" : "false"), (options, json.RootElement.GetProperty("return").GetString()));
        if (content.Contains("needs a shell", StringComparison.Ordinal))
        {
            Assert.Contains(agent.Log.Entries, entry => entry.Message.Contains("refused", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task The_table_has_every_job_of_the_file()
    {
        await using var agent = await StartAsync();
        Assert.Empty(agent.Daemon.Settings.Commands.Keys.Except(Jobs.Select(row => ((string)((object[])row)[0]).Split(',')[0])));
        Assert.Equal(19, agent.Daemon.Settings.Commands.Count);
    }

    private async Task<AgentFixture> StartAsync()
    {
        string path = folder["agent.ini"];
        await File.WriteAllTextAsync(path, $"[server]\nkey_cipher = {AgentFixture.Key}\n[allow::hosts]\nhost[] = 127.0.0.1\n[jobs]\npath = {WireRecording.Folder("Setup/exec.ini")}\n");
        var settings = ((AgentConfig.Valid)AgentIniFile.Read(path, AgentOverrides.None, "recorded-host", ConfigFile.Read)).Settings;
        return await AgentFixture.StartAsync(given => settings with { Listen = given.Listen });
    }
}

using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Deploy.Jobs.Commands;
using Deploy.Jobs.Syncs;
using Deploy.Model.Text;
using Deploy.Modes.Agent;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.Api.Hostile;

/// <summary>
/// An agent that allows <c>dst</c> in a directory of its own, with an rsync and a command that write down the words that they were given, a canary
/// that an injected command would touch, and an origin that takes connections and stays silent, so that a real rsync waits and can be looked at.
/// </summary>
internal sealed partial class HostileHost : IAsyncDisposable
{
    private readonly TcpListener silent = new(IPAddress.Loopback, 0);

    private HostileHost()
    {
        silent.Start();
        Directory.CreateDirectory(Target);
        File.WriteAllText(Outside, "as it was");
    }

    public TempFolder Folder { get; } = new();

    public AgentFixture Agent { get; private set; } = null!;

    /// <summary>The allowed directory.</summary>
    public string Target => Folder["dst"];

    /// <summary>A file beside it, which nothing may change.</summary>
    public string Outside => Folder["outside"];

    /// <summary>What an injected command would make.</summary>
    public string Canary => Folder["pwned"];

    /// <summary>An origin at which rsync waits.</summary>
    public string Origin => $"rsync://127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}/m/";

    public static async Task<HostileHost> StartAsync()
    {
        var host = new HostileHost();
        string rsync = host.Script("rsync", $"[ \"$1\" = --version ] && echo 'rsync  version 3.5.0  protocol version 32' && exit 0; printf '%s\\0' \"$@\" >>'{host.Folder["rsync-words"]}'; exit 1");
        host.Agent = await AgentFixture.StartAsync(settings => settings with
        {
            AllowedPaths = [host.Target],
            Groups = new Dictionary<string, SyncGroup> { ["site"] = new() { Name = "site", Origin = host.Origin, Target = host.Target + "/site", Rsync = rsync } },
            Commands = new Dictionary<string, CommandEntry> { ["words"] = CommandEntry.Parse("words", host.Script("words", "for word; do printf '%s\\0' \"$word\"; done") + " %s") },
        });
        return host;
    }

    /// <summary>Sends an order with any bytes as options, each encoded as <c>%XX</c>.</summary>
    public Task<Reply> OrderAsync(string order, string options) => RawAsync(order, string.Concat(ByteText.ToBytes(options).Select(one => string.Create(CultureInfo.InvariantCulture, $"%{one:X2}"))));

    /// <summary>Sends an order with options as they stand (Latin-1).</summary>
    public Task<Reply> RawAsync(string order, string options) => Agent.OrderAsync(order, options);

    /// <summary>The words behind the name of the rsync that runs for an order, as the kernel has them; the order is ended then.</summary>
    public async Task<string[]> WordsOfRsyncAsync(string order, string options)
    {
        int before = Started;
        var reply = OrderAsync(order, options);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var connection = await Task.WhenAny(silent.AcceptSocketAsync(limit.Token).AsTask(), Refused(reply, limit.Token)).Unwrap();
        while (Started == before)
        {
            await Task.Delay(5, limit.Token); // the line of the log comes a moment after rsync itself
        }

        int pid = int.Parse(Runs().Match(Agent.Log.Entries.Last(entry => Runs().IsMatch(entry.Message)).Message).Groups[1].Value, CultureInfo.InvariantCulture);
        string[] words = ByteText.FromBytes(await File.ReadAllBytesAsync($"/proc/{pid}/cmdline", limit.Token)).Split('\0')[1..^1];
        connection.Close();
        await reply;
        return words;
    }

    /// <summary>How many rsyncs the agent has started.</summary>
    public int Started => Agent.Log.Entries.Count(entry => Runs().IsMatch(entry.Message));

    /// <summary>Nothing was injected, nothing written but below the target.</summary>
    public void AssertUntouched()
    {
        Assert.False(File.Exists(Canary), "an injected command ran");
        Assert.Equal("as it was", File.ReadAllText(Outside));
        Assert.Equal(["dst", "outside", "rsync", "words"], Directory.GetFileSystemEntries(Folder.Path).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal));
        Assert.Empty(Directory.GetFileSystemEntries(Target));
        Assert.DoesNotContain(Agent.Log.Entries, entry => entry.Message.AsSpan().ContainsAny('\n', '\u001b', '\0'));
    }

    public async ValueTask DisposeAsync()
    {
        await Agent.DisposeAsync();
        silent.Dispose();
        Folder.Dispose();
    }

    /// <summary>An executable below the folder.</summary>
    private string Script(string name, string text)
    {
        File.WriteAllText(Folder[name], "#!/bin/sh\n" + text + "\n", new UTF8Encoding(false));
        if (OperatingSystem.IsLinux())
        {
            File.SetUnixFileMode(Folder[name], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return Folder[name];
    }

    private static async Task<Socket> Refused(Task<Reply> reply, CancellationToken cancellationToken)
    {
        var answer = await reply.WaitAsync(cancellationToken);
        throw new InvalidOperationException($"rsync did not come: {answer.StatusLine} {answer.Body}");
    }

    [GeneratedRegex(@"^rsync \S+ runs as process (\d+)")]
    private static partial Regex Runs();
}

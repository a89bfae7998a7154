using System.Text.Json;
using Deploy.Tests.EndToEnd.Harness;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.Attacks.OnHost;

/// <summary>
/// An <see cref="AttackedAgent"/> whose orders do something: a real origin, a folder beside the allowed one that nothing may reach, and what it had before each attack. One for the tests of a
/// class, which run one after another.
/// </summary>
public class HostAgent : IAsyncLifetime, IDisposable
{
    /// <summary>Where this part of the suite listens besides the agents.</summary>
    internal const string Block = "127.61.0.";

    private readonly TempFolder folder = new();
    private TestOrigin? origin;
    private HostBefore? before;

    internal AttackedAgent Agent { get; private set; } = null!;

    /// <summary>The one allowed root.</summary>
    internal string Allowed => Agent.Target;

    /// <summary>Not allowed; holds <c>kept</c> and <c>sub/kept</c>.</summary>
    internal string Outside => folder["outside"];

    /// <summary>Files of the origin, <see cref="TestOrigin.Site"/>.</summary>
    internal string Site => origin!.Site;

    /// <summary>A path of the test's own.</summary>
    internal string this[string name] => folder[name];

    /// <summary>Further tables of the agent's file.</summary>
    internal virtual string Tables(AttackedAgent agent) => string.Empty;

    public virtual async Task InitializeAsync()
    {
        origin = TestOrigin.Start(folder, 1000);
        Directory.CreateDirectory(folder["outside/sub"]);
        await File.WriteAllTextAsync(folder["outside/kept"], "kept");
        await File.WriteAllTextAsync(folder["outside/sub/kept"], "kept");
        Agent = new AttackedAgent { FreeForm = true, Tables = Tables };
        await Agent.InitializeAsync();
        await Agent.TakenAsync(SignedRequest.Mark(Agent.Alice)); // what is made once is made now
    }

    public virtual async Task DisposeAsync()
    {
        await Agent.DisposeAsync();
        Agent.Dispose();
        origin!.Dispose();
    }

    public void Dispose()
    {
        folder.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Begins an attack: empties the allowed folder, and remembers what there is.</summary>
    internal void Begin()
    {
        foreach (string entry in Directory.GetFileSystemEntries(Allowed))
        {
            if (Directory.Exists(entry) && File.ResolveLinkTarget(entry, returnFinalTarget: false) is null)
            {
                Directory.Delete(entry, recursive: true);
            }
            else
            {
                File.Delete(entry);
            }
        }

        before = HostBefore.Of(this);
    }

    /// <summary>Ends it: nothing outside has changed, no process of the agent is left, and its memory and descriptors are back.</summary>
    internal Task UnharmedAsync() => before!.BackAsync(this);

    /// <summary>Processes of rsync that it started so far.</summary>
    internal int Starts => Agent.Daemon.Log.Count(line => line.Contains(" runs as process ", StringComparison.Ordinal));

    /// <summary>Gives a rightly signed order; null where it was taken, else the answer.</summary>
    /// <param name="members">Of its document, behind id and hosts.</param>
    /// <param name="id">Of the job.</param>
    internal Task<RawAnswer> GiveAsync(string members, out string id)
    {
        var order = BentOrderTests.Document(Agent.Alice, members);
        id = order.Nonce;
        return Agent.AskAsync(order);
    }

    /// <summary>Gives an order that is taken, and how its host ended.</summary>
    internal async Task<JsonElement> EndOfAsync(string members)
    {
        var answer = await GiveAsync(members, out string id);
        Assert.True(answer.Status == 202, $"{members}: {answer}");
        return await BentOrderTests.EndedAsync(Agent, id);
    }

    /// <summary>The same, of a sync group.</summary>
    internal Task<JsonElement> SyncAsync(string group, string more = "") => EndOfAsync($"\"order\":\"rsync\",\"group\":\"{group}\"{more}");

    /// <summary>The same, of an origin and a target.</summary>
    internal Task<JsonElement> SyncAsync(string from, string target, string more) =>
        EndOfAsync($"\"order\":\"rsync\",\"origin\":{JsonSerializer.Serialize(from)},\"target\":{JsonSerializer.Serialize(target)}{more}");

    /// <summary>Cancels a job.</summary>
    internal async Task CancelAsync(string id)
    {
        var answer = await Agent.AskAsync(new SignedRequest { Key = Agent.Alice, Target = $"/v1/jobs/{id}/cancel" });
        Assert.True(answer.Status == 200, answer.ToString());
    }

    /// <summary>State and reason of a host.</summary>
    internal static (string State, string Reason) How(JsonElement host) =>
        (host.GetProperty("state").GetString()!, host.TryGetProperty("reason", out var reason) ? reason.GetString()! : string.Empty);
}

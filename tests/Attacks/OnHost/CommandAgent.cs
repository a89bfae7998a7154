using System.Text.Json;
using Deploy.Tests.EndToEnd.Harness;
using Xunit;

namespace Deploy.Tests.Attacks.OnHost;

/// <summary>Commands of each kind of parameter, which write the words that they got into a file of the job's id; and commands that do not behave.</summary>
public sealed class CommandAgent : HostAgent
{
    /// <summary>Bytes kept of each stream.</summary>
    internal const int Cap = 1 << 20;

    /// <summary>Kinds of parameters, each the name of a command with one of it.</summary>
    internal static readonly IReadOnlyDictionary<string, string> Kinds = new Dictionary<string, string>
    {
        ["name"] = "{ name = true }",
        ["relpath"] = "{ relpath = true }",
        ["regex"] = "{ regex = \"[a-z]+\" }",
        ["enum"] = "{ enum = [\"on\", \"off\"] }",
        ["int"] = "{ int = [1, 100] }",
        ["words"] = "{ words = true }",
    };

    /// <summary>Scripts of /bin/sh. Each says its pid first where a test asks for it.</summary>
    private static readonly IReadOnlyDictionary<string, string> Rude = new Dictionary<string, string>
    {
        ["flood"] = "yes \"$(printf %01000d 7)\" | head -c 1073741824\necho over",
        ["lines"] = "yes '' | head -c 20000000",
        ["binary"] = "head -c 4000000 /dev/urandom | tee /dev/stderr",
        ["stubborn"] = "trap '' TERM HUP INT QUIT\necho $$ > ROOT/pid-stubborn\nwhile :; do sleep 0.1; done",
        ["stubborn-family"] = "trap '' TERM\n(trap '' TERM; ROOT/stubborn) &\nROOT/stubborn",
        ["away"] = "setsid ROOT/rest &\nexit 0",
        ["away-and-wait"] = "setsid ROOT/rest &\nROOT/rest",
        ["away-and-write"] = "(while echo written on and on; do :; done) &\nexit 0",
        ["rest"] = "echo $$ >> ROOT/pid-rest\nwhile :; do sleep 0.1; done",
        ["closed"] = "exec >&- 2>&-\necho $$ > ROOT/pid-closed\nwhile :; do sleep 0.1; done",
    };

    internal override string Tables(AttackedAgent agent)
    {
        string script = Script(agent, "show", "f=\"ROOT/marks/$1\"; shift\nprintf '%s\\0' \"$#\" \"$@\" > \"$f\"");
        return string.Concat(Kinds.Select(kind => $"""
            [command.{kind.Key}]
            argv = ["{script}", "{"{id}"}", "{"{x}"}"]
            id = {"{"} name = true {"}"}
            x = {kind.Value}

            """)) + string.Concat(Rude.Select(rude => $"""
            [command.{rude.Key}]
            argv = ["{Script(agent, rude.Key, rude.Value)}"]
            timeout = "60s"

            """));
    }

    /// <summary>Runs a command that takes an argument; the words that it got, null where it was refused, and then it did not run.</summary>
    internal async Task<string[]?> WordsAsync(string kind, string argument)
    {
        var order = BentOrderTests.Document(Agent.Alice, $"\"order\":\"exec\",\"command\":\"{kind}\",\"arguments\":[\"ID\",{JsonSerializer.Serialize(argument)}]");
        order = order.WithDocument("\"ID\"", $"\"{order.Nonce}\"");
        var answer = await Agent.AskAsync(order);
        Assert.True(answer.Status == 202, $"{kind} {argument}: {answer}");
        var (state, reason) = How(await BentOrderTests.EndedAsync(Agent, order.Nonce));
        string mark = Path.Combine(Agent.Root, "marks", order.Nonce);
        if (state == "ok")
        {
            return (await File.ReadAllTextAsync(mark)).Split('\0')[1..^1];
        }

        Assert.Equal("refused", state);
        Assert.True(reason.StartsWith(kind + ": ", StringComparison.Ordinal), reason);
        Assert.False(File.Exists(mark), $"{kind} {argument}: it ran");
        return null;
    }

    /// <summary>What a job's command printed, as its shape has it.</summary>
    internal async Task<(string Out, string Error)> PrintedAsync(JsonElement end, string id)
    {
        var shape = await Agent.ReadAsync($"/v1/jobs/{id}/shapes/{end.GetProperty("shape").GetString()}");
        return (shape.GetProperty("stdout").GetString()!, shape.GetProperty("stderr").GetString()!);
    }

    /// <summary>Gives the order and waits until a script has written its pid; that.</summary>
    internal async Task<(string Id, int Pid)> RunningAsync(string command, string script, string more = "")
    {
        string file = Path.Combine(Agent.Root, "pid-" + script);
        File.Delete(file);
        var answer = await GiveAsync($"\"order\":\"exec\",\"command\":\"{command}\"{more}", out string id);
        Assert.True(answer.Status == 202, answer.ToString());
        await Eventually.TrueAsync(() => File.Exists(file) && File.ReadAllText(file).EndsWith('\n'), () => Agent.Daemon.LogText);
        return (id, int.Parse(File.ReadAllLines(file)[0], System.Globalization.CultureInfo.InvariantCulture));
    }

    /// <summary>Live processes of a script.</summary>
    internal IReadOnlyList<int> Of(string script) => ProcFacts.WithArgument($"{Agent.Root}/{script}");

    private static string Script(AttackedAgent agent, string name, string text)
    {
        string path = Path.Combine(agent.Root, name);
        File.WriteAllText(path, $"#!/bin/sh\n{text.Replace("ROOT", agent.Root, StringComparison.Ordinal)}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }
}

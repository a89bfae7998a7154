using System.Text;
using System.Text.Json;
using Deploy.Model.Text;
using Xunit;

namespace Deploy.Tests.Api.Hostile;

/// <summary>What a peer with the key may send: it starts nothing but rsync, and gives that nothing but an origin and a target.</summary>
public class InjectionTests
{
    private const int Timeout = 180_000;

    /// <summary>Origins that are not a daemon's module; CANARY becomes a path.</summary>
    private static readonly string[] RefusedOrigins =
    [
        "/etc/passwd", "/etc/", "/", ".", "..", "etc/passwd", "~/x", "host:path", "root@host:/etc", "::m", ":m", "host::", "host::/x", "host:::m", "rsync://", "rsync:///m", "rsync://h", "rsync://h/", "rsync://h//x",
        "--version", "--version 127.0.0.1::m/", "--rsh=touch CANARY", "-e touch CANARY", "-etouch CANARY", "--files-from=/etc/passwd", "--daemon", "--server", "--write-batch=CANARY", "--log-file=CANARY",
        "--rsh=touch CANARY 127.0.0.1::m/", "-oProxyCommand=touch CANARY::m/", "-h::m/", "rsync://-oProxyCommand=touch CANARY/m/", "rsync://-h/m/", "rsync://u@-h/m/", "rsync://h:-1/m/", "rsync://h:99999999/m/",
        "rsync://h:1:2/m/", "RSYNC://h/m/", "rsync:/h/m/", "ssh://h/m/", "file:///etc/passwd", "$(touch CANARY)::m/", "`touch CANARY`::m/", "h;touch CANARY;::m/", "h&touch CANARY&::m/", "h\ntouch CANARY::m/",
        "h::m/\n", "h::m/a\nb", "h::m/\0x", "h::\u001b[31m", "h::m/\u007f", "\0", "\n", " ", " h::m/", "h ::m/", "[::1::m/", "[h]::m/", "[::1]:m/", "h\\::m/", "h::m/\tx", "\ud83d\udca3::m/",
        "host\u2215x::m/", "rsync\uff1a//h/m/", "host\uff1a\uff1am/", "\udcff::m/", "u@h@x::m/", "\u2010e::m/", "host%3a::m/", "%00",
    ];

    /// <summary>What may stand in a path of an origin or a target, and must stay in it.</summary>
    private static readonly string[] HostileWords =
    [
        "$(touch CANARY)", "`touch CANARY`", ";touch CANARY", "&touch CANARY&", ">CANARY", "'; touch CANARY; '", "\"; touch CANARY; \"", "--rsh=touch CANARY", " --rsh=touch CANARY", " -e sh", "-e", "--delete",
        "--", " -- ", "*", "?", "~", "[a]", "{a,b}".Replace(',', ';'), "!!", "#", "%n", "%s", "\\", "a b", "é한", "\u2215", "\uff0f", "\u202e", "\udcff\udcfe", "host::m", "::", "rsync://h/m",
    ];

    [Theory(Timeout = Timeout)]
    [InlineData("status")]
    [InlineData("rlist")]
    [InlineData("rsync")]
    [InlineData("rkill")]
    public async Task An_origin_that_is_not_a_daemons_module_starts_nothing(string order)
    {
        await using var host = await HostileHost.StartAsync();
        foreach (string origin in RefusedOrigins.Select(origin => origin.Replace("CANARY", host.Canary, StringComparison.Ordinal)))
        {
            foreach (char part in ",|")
            {
                var reply = await host.OrderAsync(order, $"{origin}{part}{host.Target}/x");
                Assert.True(reply.StatusLine == "HTTP/1.1 403 Permission Denied", $"{SafeText.Of(origin)}: {reply.StatusLine}");
                Assert.Equal(SafeText.Of(origin) + " is not allowed!", reply.Body);
            }
        }

        Assert.Equal(0, host.Started);
        Assert.Equal(RefusedOrigins.Length * 2, host.Agent.Log.Entries.Count(entry => entry.Message.Contains(": refused: ", StringComparison.Ordinal)));
        host.AssertUntouched();
    }

    [Theory(Timeout = Timeout)]
    [InlineData("status")]
    [InlineData("rsync")]
    public async Task Rsync_gets_a_hostile_origin_and_target_as_one_word_each(string order)
    {
        await using var host = await HostileHost.StartAsync();
        int runs = 0;
        foreach (string word in HostileWords.Select(word => word.Replace("CANARY", host.Canary, StringComparison.Ordinal)))
        {
            string origin = host.Origin + word, target = $"{host.Target}/{word}";
            Directory.CreateDirectory(Path.GetDirectoryName(target)!); // a dry run asks for the target's parent
            string[] words = await host.WordsOfRsyncAsync(order, $"{origin},{target}");
            Assert.Equal(["--", origin, "./" + Path.GetFileName(target)], words[^3..]); // below the directory that rsync starts in
            Assert.All(words[..^3], option => Assert.Matches(Ours, option));
            Assert.Equal(++runs, host.Started);
        }

        Assert.Empty(Directory.EnumerateFiles(host.Target, "*", SearchOption.AllDirectories));
        foreach (string made in Directory.EnumerateDirectories(host.Target))
        {
            Directory.Delete(made, true);
        }

        host.AssertUntouched();
    }

    [Fact(Timeout = Timeout)]
    public async Task A_user_name_in_an_origin_is_no_option()
    {
        await using var host = await HostileHost.StartAsync();
        string origin = host.Origin.Replace("//", "//-oProxyCommand@", StringComparison.Ordinal);
        // '=' is no part of a user's name, and the word stands behind '--'.
        Assert.Equal(["--", origin, "./x"], (await host.WordsOfRsyncAsync("status", $"{origin},{host.Target}/x"))[^3..]);
        Assert.Equal("HTTP/1.1 403 Permission Denied", (await host.OrderAsync("status", $"{origin.Replace("@", "=x@", StringComparison.Ordinal)},{host.Target}/x")).StatusLine);
        host.AssertUntouched();
    }

    [Theory(Timeout = Timeout)]
    [InlineData("site --rsh=sh")]
    [InlineData("site\n")]
    [InlineData(" site")]
    [InlineData("site\0")]
    [InlineData("SITE")]
    [InlineData("s.te")]
    [InlineData(".*")]
    [InlineData("--rsh=sh")]
    [InlineData("$(site)")]
    [InlineData("ѕite")] // a Cyrillic letter
    [InlineData("site/../site")]
    [InlineData("\udcff")]
    public async Task A_group_is_known_by_its_whole_name(string name)
    {
        await using var host = await HostileHost.StartAsync();
        foreach (string order in new[] { "status", "rlist", "rsync", "rkill" })
        {
            var reply = await host.OrderAsync(order, name);
            Assert.Equal(("HTTP/1.1 400 Bad Request", "empty value in options!"), (reply.StatusLine, reply.Body));
        }

        host.AssertUntouched(); // also: the group's rsync, which writes its words down, never ran
    }

    [Fact(Timeout = Timeout)]
    public async Task Further_parts_never_become_words()
    {
        await using var host = await HostileHost.StartAsync();
        string[] words = await host.WordsOfRsyncAsync("status", $"{host.Origin},{host.Target}/x,--rsh=touch {host.Canary},-e");
        Assert.Equal(["--", host.Origin, "./x"], words[^3..]);
        Assert.All(words[..^3], option => Assert.Matches(Ours, option));
        host.AssertUntouched();
    }

    [Fact(Timeout = Timeout)]
    public async Task Arguments_of_a_command_stay_words()
    {
        await using var host = await HostileHost.StartAsync();
        string[] hostile = [.. HostileWords.Select(word => word.Replace("CANARY", host.Canary, StringComparison.Ordinal)), $"a\ntouch {host.Canary}", $"x\\;touch {host.Canary}", "\u001b[2J", "=", "a=b", "\t"];
        var reply = await host.OrderAsync("exec", "words," + string.Join(',', hostile));
        Assert.Equal(hostile, Printed(reply.Body));
        foreach (string word in hostile)
        {
            Assert.Equal([word], Printed((await host.OrderAsync("exec", "words|" + word)).Body));
        }

        host.AssertUntouched();
    }

    [Theory(Timeout = Timeout)]
    [InlineData("words%00", "exec[words\\x00] not found!")]
    [InlineData("words;id", "exec[words;id] not found!")]
    [InlineData("words%0aid", "exec[words\\x0aid] not found!")]
    [InlineData("..%2fwords", "exec[../words] not found!")]
    [InlineData("/bin/sh,-c,id", "exec[/bin/sh] not found!")]
    [InlineData("$(id)", "exec[$(id)] not found!")]
    [InlineData("w.rds", "exec[w.rds] not found!")]
    [InlineData("%ff", "exec[\\xff] not found!")]
    public async Task A_command_is_known_by_its_whole_name(string raw, string body)
    {
        await using var host = await HostileHost.StartAsync();
        var reply = await host.RawAsync("exec", raw);
        Assert.Equal("HTTP/1.1 400 Bad Request", reply.StatusLine);
        Assert.Equal(body, reply.Body);
        host.AssertUntouched();
    }

    [Fact(Timeout = Timeout)]
    public async Task A_NUL_in_an_argument_runs_nothing()
    {
        await using var host = await HostileHost.StartAsync();
        var reply = await host.RawAsync("exec", "words,a%00b");
        Assert.Contains("\"false\"", reply.Body, StringComparison.Ordinal);
        Assert.Equal(["deploy: error: test-host: words: an argument holds a NUL, which no program can take\n"], Printed(reply.Body));
        host.AssertUntouched();
    }

    [Fact(Timeout = Timeout)]
    public async Task Very_long_operands_are_answered_and_start_nothing_but_rsync()
    {
        await using var host = await HostileHost.StartAsync();
        string name = new('a', 5000), many = string.Concat(Enumerable.Repeat("/" + new string('b', 250), 400));
        Assert.Equal("HTTP/1.1 403 Permission Denied", (await host.RawAsync("status", name + "," + host.Target)).StatusLine);
        Assert.Equal("HTTP/1.1 400 Bad Request", (await host.RawAsync("status", name)).StatusLine);
        Assert.Equal("HTTP/1.1 400 Bad Request", (await host.RawAsync("exec", name)).StatusLine);
        Assert.Equal("HTTP/1.1 403 Permission Denied", (await host.RawAsync("status", $"h::m/,/{name}")).StatusLine);
        // Longer than PATH_MAX, and than what the kernel takes as one word: no directory has such a name.
        foreach (string target in new[] { host.Target + many, host.Target + string.Concat(Enumerable.Repeat(many, 2)) })
        {
            Assert.Equal("HTTP/1.1 403 Permission Denied", (await host.RawAsync("rlist", $"rsync://127.0.0.1:1/m/,{target}")).StatusLine);
        }

        host.AssertUntouched();
    }

    /// <summary>Every word that we give rsync before <c>--</c>, of an order without a group.</summary>
    private const string Ours = @"\A(--(stats|verbose|archive|delete|force|dry-run|no-v|no-i|no-progress|no-human-readable|no-motd|progress)|--timeout=\d+|--out-format=%i %l %n%L|--sockopts=TCP_NODELAY|--outbuf=L|--info=progress2,flist0)\z";

    private static string[] Printed(string body)
    {
        using var json = JsonDocument.Parse(body);
        string text = ByteText.FromBytes(json.RootElement.GetProperty("content").GetBytesFromBase64());
        return (text.EndsWith('\0') ? text[..^1] : text).Split('\0');
    }
}

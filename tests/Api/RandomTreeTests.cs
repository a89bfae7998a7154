using System.Text;
using System.Text.Json;
using Deploy.Jobs.Syncs;
using Deploy.Model.Text;
using Deploy.Tests.Fixtures;
using Deploy.Tests.Rsync;
using Xunit;

namespace Deploy.Tests.Api;

/// <summary>Random trees of hostile names: what <c>rlist</c> says over the wire is what differs, and after a sync nothing does.</summary>
public class RandomTreeTests
{
    [Theory(Timeout = 180_000)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public async Task Rlist_names_the_differences_and_a_sync_ends_them(int seed)
    {
        string root = Directory.CreateTempSubdirectory("deploy-trees-").FullName;
        try
        {
            string origin = Directory.CreateDirectory(Path.Combine(root, "origin")).FullName, target = Directory.CreateDirectory(Path.Combine(root, "target")).FullName;
            var random = new Random(seed);
            HostileTree.Make(origin, Tree(random));
            HostileTree.Make(target, Tree(random));
            using (var touch = System.Diagnostics.Process.Start("find", [root, "-exec", "touch", "-h", "-d", "@1700000000", "{}", "+"]))
            {
                await touch.WaitForExitAsync(); // one time for all: rsync compares sizes and times
            }

            using var daemon = RsyncDaemon.Start(root, [new RsyncModule("m", origin)]);
            await using var agent = await AgentFixture.StartAsync(settings => settings with
            {
                AllowedPaths = [target],
                Groups = new Dictionary<string, SyncGroup> { ["site"] = new() { Name = "site", Origin = daemon.Url("m"), Target = target } },
            });

            // Sizes differ wherever contents do, so that a plain comparison of names, types, sizes and links is what rsync sees.
            var there = HostileTree.Entries(origin).ToDictionary(Key);
            var here = HostileTree.Entries(target).ToDictionary(Key);
            string[] fresh = [.. there.Values.Where(entry => entry.Type != 'd' && !(here.TryGetValue(Key(entry), out var old) && Same(entry, old))).Select(Text)];
            var gone = here.Values.Where(entry => !there.ContainsKey(Key(entry))).ToList();
            using var rlist = await JsonAsync(agent, "rlist");
            Assert.Equal(fresh.Order(StringComparer.Ordinal), Names(rlist, "transferNewFiles"));
            Assert.Equal(gone.Where(entry => entry.Type != 'd').Select(entry => Text(entry with { Type = 'f' })).Order(StringComparer.Ordinal), Names(rlist, "transferDeleteFiles"));
            int files = there.Values.Count(entry => entry.Type == 'f' && fresh.Contains(Text(entry)));
            Assert.Equal((files + gone.Count).ToString(System.Globalization.CultureInfo.InvariantCulture), rlist.RootElement.GetProperty("transferFilesCount").GetString());

            using var sync = await JsonAsync(agent, "rsync");
            Assert.Equal("true", sync.RootElement.GetProperty("return").GetString());
            for (int i = 0; i < 600 && !agent.Log.Entries.Any(entry => entry.Message.StartsWith("job ", StringComparison.Ordinal) && entry.Message.Contains(" rsync site ", StringComparison.Ordinal)); i++)
            {
                await Task.Delay(50);
            }

            using var status = await JsonAsync(agent, "status");
            Assert.Equal(("false", "0", "0"), (Field("alreadyRsync"), Field("transferFilesCount"), Field("transferFilesSize")));
            Assert.Equal(there.Values.Select(Whole).Order(StringComparer.Ordinal), HostileTree.Entries(target).Select(Whole).Order(StringComparer.Ordinal));

            string Field(string name) => status.RootElement.GetProperty(name).GetString()!;
        }
        finally
        {
            HostileTree.Delete(root);
        }
    }

    /// <summary>Directories, files and links under names of every kind; the two trees of a test share many names.</summary>
    private static List<(char Type, byte[] Name, byte[] Other)> Tree(Random random)
    {
        var names = HostileTree.Names.Where(name => name.Length < 200 && !name.SequenceEqual("*"u8.ToArray())).ToList();
        var entries = new List<(char, byte[], byte[])>();
        byte[][] directories = [[], .. names.Where(_ => random.Next(6) == 0).Select(name => (byte[])[.. "d "u8, .. name, (byte)'/'])];
        entries.AddRange(directories.Skip(1).Select(directory => ('d', directory[..^1], Array.Empty<byte>())));
        foreach (byte[] directory in directories)
        {
            foreach (byte[] name in names.Where(_ => random.Next(3) > 0))
            {
                // The kind is the name's own, so that no file has to take a directory's place.
                byte[] path = [.. directory, .. name];
                entries.Add(name.Length % 5 == 0 ? ('l', path, names[random.Next(3)]) : ('f', path, new byte[random.Next(4)]));
            }
        }

        return entries;
    }

    private static bool Same(TreeEntry one, TreeEntry other) => one.Type == other.Type && (one.Type == 'l' ? one.Link.AsSpan().SequenceEqual(other.Link) : one.Size == other.Size);

    private static string Key(TreeEntry entry) => Convert.ToHexString(entry.Name);

    private static string Whole(TreeEntry entry) => $"{entry.Type} {Convert.ToHexString(entry.Name)} {(entry.Type == 'f' ? entry.Size : 0)} {Convert.ToHexString(entry.Link)}";

    /// <summary>As JSON has it: the name, <c>name -> link</c>; where that is not UTF-8, with rsync's escapes for what is not printable text.</summary>
    private static string Text(TreeEntry entry)
    {
        byte[] shown = entry.Type == 'l' ? [.. entry.Name, .. " -> "u8, .. entry.Link] : entry.Name;
        return ByteText.IsUtf8(shown) ? Encoding.UTF8.GetString(shown) : "not UTF-8: " + Convert.ToHexString(shown);
    }

    /// <summary>The names of a list, sorted; those with escapes are read back to their bytes.</summary>
    private static IEnumerable<string> Names(JsonDocument answer, string list) =>
        answer.RootElement.GetProperty(list).EnumerateArray().Select(item => ReadBack(item.GetString()!)).Order(StringComparer.Ordinal);

    private static string ReadBack(string name)
    {
        var bytes = new List<byte>();
        byte[] text = Encoding.UTF8.GetBytes(name);
        for (int i = 0; i < text.Length; i++)
        {
            bool escape = i + 4 < text.Length && text[i] == '\\' && text[i + 1] == '#' && text[(i + 2)..(i + 5)].All(digit => digit is >= (byte)'0' and <= (byte)'7') && text[i + 2] <= '3';
            bytes.Add(escape ? Convert.ToByte(Encoding.ASCII.GetString(text[(i + 2)..(i + 5)]), 8) : text[i]);
            i += escape ? 4 : 0;
        }

        // A name that is UTF-8 is never escaped: a literal \#012 in it is the name's own.
        return ByteText.IsUtf8([.. bytes]) ? name : "not UTF-8: " + Convert.ToHexString([.. bytes]);
    }

    private static async Task<JsonDocument> JsonAsync(AgentFixture agent, string order)
    {
        var reply = await agent.OrderAsync(order, "site");
        Assert.Equal("HTTP/1.1 200 OK", reply.StatusLine);
        return JsonDocument.Parse(reply.Body);
    }
}

using System.Globalization;
using System.Text;
using Deploy.Tests.Architecture;
using Deploy.Tui.Keys;
using Deploy.Tui.Overlays;
using Deploy.Tui.Screens;
using Xunit;

namespace Deploy.Tests.Tui.Docs;

/// <summary>docs/tui.md and its picture: what they show is what the dashboard shows. DEPLOY_ACCEPT=1 rewrites both; read them before you commit.</summary>
public class TuiPageTests
{
    private const int MostPictureBytes = 60_000;

    /// <summary>The keys that lead from the fleet to a screen, and show something there.</summary>
    private static readonly Dictionary<string, string> Ways = new()
    {
        ["fleet"] = "!/group:web|db<enter>j j jj",
        ["jobs"] = "2<wait>j",
        ["rollout"] = "2g<enter><wait><wait><wait><wait><wait><wait><wait>j",
        ["plan"] = "5/order:plan<enter>g<enter><wait><down><down><wait>",
        ["log"] = "5/order:exec disk<enter>g<enter><wait>L<wait>",
        ["history"] = "5<wait>jj",
        ["audit"] = "6<wait>j",
        ["host"] = "/web-004<enter><enter><wait>",
    };

    [Fact]
    public void The_page_shows_what_the_dashboard_shows()
    {
        string path = Path.Combine(SourceTree.Root, "docs", "tui.md");
        string before = File.ReadAllText(path);
        var (made, names) = DocsBlocks.Made(before, Block);
        Assert.Superset(Ways.Keys.SelectMany(screen => new[] { $"{screen} 80x24", $"{screen} 120x40" }).Append("keys").Append("fields").Append("palette").ToHashSet(), names.ToHashSet());
        Check(path, before, made);
    }

    [Fact]
    public void The_picture_is_one_frame_and_small()
    {
        string made = PictureSvg.Of(new DemoScreen(100, 30, isAscii: false).Press(Ways["rollout"]).Picture);
        Assert.InRange(Encoding.UTF8.GetByteCount(made), 2_000, MostPictureBytes);
        Assert.DoesNotContain("<script", made, StringComparison.OrdinalIgnoreCase);
        System.Xml.Linq.XDocument.Parse(made);
        string path = Path.Combine(SourceTree.Root, "docs", "tui.svg");
        Check(path, File.Exists(path) ? File.ReadAllText(path) : string.Empty, made);
    }

    private static void Check(string path, string before, string made)
    {
        if (Environment.GetEnvironmentVariable("DEPLOY_ACCEPT") == "1")
        {
            File.WriteAllText(path, made, new UTF8Encoding(false));
            return;
        }

        if (before != made)
        {
            Assert.Fail($"docs/{Path.GetFileName(path)} is not what the dashboard gives: run this test with DEPLOY_ACCEPT=1, and read what has changed\n{FirstDifference(before, made)}");
        }
    }

    private static string FirstDifference(string before, string made)
    {
        var (had, has) = (before.Split('\n'), made.Split('\n'));
        int line = Enumerable.Range(0, Math.Max(had.Length, has.Length)).First(place => had.ElementAtOrDefault(place) != has.ElementAtOrDefault(place));
        return string.Create(CultureInfo.InvariantCulture, $"line {line + 1}:\n- {had.ElementAtOrDefault(line)}\n+ {has.ElementAtOrDefault(line)}");
    }

    private static string Block(string name) => name switch
    {
        "keys" => DocsBlocks.Table("key|does|where", KeyTable.All.Select(binding => new[]
        {
            string.Join(' ', binding.Keys.Select(key => $"`{key}`")),
            binding.Help + (binding.Acts ? " (armed)" : string.Empty),
            binding.Screens.Count == 0 ? "everywhere" : string.Join(", ", binding.Screens),
        })),
        "fields" => DocsBlocks.Table("screen|fields", Enum.GetValues<ScreenName>().Select(AllScreens.Of).OfType<IListScreen>().Select(screen => new[]
        {
            screen.Name.ToString(),
            string.Join(", ", screen.Fields.Select(field => $"`{field.Name}`")),
        })),
        "palette" => DocsBlocks.Table("command|does", PaletteCommand.All.Select(command => new[] { $"`{command.Name}{(command.Takes.Length > 0 ? " " + command.Takes : string.Empty)}`", command.Help })),
        _ when name.Split(' ', 'x') is [var screen, var columns, var rows] && Ways.TryGetValue(screen, out string? way) =>
            DocsBlocks.Fenced(new DemoScreen(int.Parse(columns, CultureInfo.InvariantCulture), int.Parse(rows, CultureInfo.InvariantCulture)).Press(way).Text),
        _ => throw new ArgumentException($"docs/tui.md has a block '{name}' that nobody makes", nameof(name)),
    };
}

using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace Deploy.Tests.Architecture;

/// <summary>The arrows of docs/design.md: which room may use which, by what names bind to, not by what the using lines say.</summary>
public class ArrowTests
{
    private static readonly Dictionary<string, string[]> MayUse = new()
    {
        [""] = ["Modes", "Output", "Model"],
        ["Modes"] = ["Api", "Jobs", "Security", "Output", "Tui", "Protocol", "Rsync", "Processes", "Store", "Config", "Logs", "Model"],
        ["Tui"] = ["Output", "Model"],
        ["Api"] = ["Jobs", "Security", "Protocol", "Model"],
        ["Jobs"] = ["Security", "Store", "Rsync", "Processes", "Protocol", "Model"],
        ["Security"] = ["Model"],
        ["Output"] = ["Model"],
        ["Protocol"] = ["Model"],
        ["Rsync"] = ["Processes", "Model"],
        ["Processes"] = [],
        ["Store"] = ["Model"],
        ["Config"] = [],
        ["Logs"] = [],
        ["Model"] = [],
    };

    /// <summary>What every room may use: Logs' interface, and bytes as text (docs/decisions/002).</summary>
    private static readonly string[] Everywhere = ["Deploy.Logs.ILog", "Deploy.Logs.LogLevel", "Deploy.Logs.LogExtensions", "Deploy.Logs.AccessEntry", "Deploy.Model.Text"];

    [Fact]
    public void Every_arrow_runs_as_the_table_says()
    {
        var compilation = SourceTree.Compile();
        var wrong = new SortedSet<string>();
        int seen = 0;
        foreach (var tree in compilation.SyntaxTrees.Where(tree => tree.FilePath.Length > 0))
        {
            string room = RoomOf(Path.GetRelativePath(SourceTree.Root, tree.FilePath));
            var model = compilation.GetSemanticModel(tree);
            foreach (var name in tree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>())
            {
                if (model.GetSymbolInfo(name).Symbol is not { } symbol || symbol is INamespaceSymbol || TypeOf(symbol) is not { } type)
                {
                    continue;
                }

                string full = type.ToDisplayString();
                string space = type.ContainingNamespace.ToDisplayString();
                if (!(space + ".").StartsWith("Deploy.", StringComparison.Ordinal) || Everywhere.Any(allowed => full == allowed || full.StartsWith(allowed + ".", StringComparison.Ordinal)))
                {
                    continue;
                }

                seen++;
                string used = RoomOfNamespace(space);
                if (used != room && !MayUse[room].Contains(used))
                {
                    wrong.Add($"{Path.GetRelativePath(SourceTree.Root, tree.FilePath)}: {room} may not use {used} ({full})");
                }
            }
        }

        Assert.True(seen > 500, $"only {seen} references were bound: the compilation of this test is broken");
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public void No_source_is_over_300_lines_and_no_folder_over_14_files()
    {
        var long_ = SourceTree.Files.Where(file => File.ReadLines(file).Count() > 300).Select(file => Path.GetRelativePath(SourceTree.Root, file));
        var full = SourceTree.Files.GroupBy(file => Path.GetDirectoryName(file)!).Where(folder => folder.Count() > 14).Select(folder => Path.GetRelativePath(SourceTree.Root, folder.Key));
        Assert.Empty(long_.Concat(full));
    }

    [Fact]
    public void Every_folder_is_a_room_of_the_table()
    {
        var rooms = SourceTree.Files.Select(file => RoomOf(Path.GetRelativePath(SourceTree.Root, file))).Distinct();
        Assert.Empty(rooms.Except(MayUse.Keys));
    }

    private static INamedTypeSymbol? TypeOf(ISymbol symbol) => symbol switch
    {
        INamedTypeSymbol type => type,
        IMethodSymbol or IPropertySymbol or IFieldSymbol or IEventSymbol => symbol.ContainingType,
        _ => null,
    };

    private static string RoomOf(string relative) => relative.Contains('/') ? relative[..relative.IndexOf('/')] : "";

    private static string RoomOfNamespace(string name) => name == "Deploy" ? "" : name.Split('.')[1];
}

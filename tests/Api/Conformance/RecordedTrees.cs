namespace Deploy.Tests.Api.Conformance;

/// <summary>The trees that the recordings were made with: the same names and sizes.</summary>
internal static class RecordedTrees
{
    public static readonly string[] Modules = ["plain10", "spaces", "utf8", "newline", "quote", "many", "big", "deep"];

    /// <summary>What a first sync of each group transfers, counted by hand from the lists below: regular files, bytes.</summary>
    public static IReadOnlyDictionary<string, (long Files, long Bytes)> First { get; } = new Dictionary<string, (long, long)>
    {
        ["plain10"] = (12, 5506),
        ["noperm"] = (12, 5506),
        ["url"] = (12, 5506),
        ["spaces"] = (3, 8),
        ["utf8"] = (2, 11),
        ["newline"] = (4, 6),
        ["quote"] = (3, 3),
        ["deep"] = (200, 200),
        ["many"] = (1500, 4_500_000),
        ["nohuman"] = (1500, 4_500_000),
        ["excl"] = (10, 5300), // without file1.txt, sub
    };

    /// <summary>Makes them below this directory, one a module.</summary>
    public static void Make(string root)
    {
        for (int i = 0; i < 10; i++)
        {
            Write($"plain10/file{i}.txt", 100 * (i + 1));
        }

        Write("plain10/zero.dat", 0);
        Write("plain10/sub/dir/inner.txt", 6);
        File.CreateSymbolicLink(Path.Combine(root, "plain10/link_to_file1"), "file1.txt");
        Write("spaces/a file with spaces.txt", 3);
        Write("spaces/two  spaces/x y.txt", 4);
        Write("spaces/dollar$HOME.txt", 1);
        Write("utf8/한글 파일.txt", 10);
        Write("utf8/é.txt", 1);
        Write("newline/line1\nline2.txt", 2);
        Write("newline/ctrl\u0001\u001b[31m.txt", 1);
        Write("newline/tab\there.txt", 1);
        Write("newline/cr\rhere.txt", 2);
        Write("quote/with\"quote.txt", 1);
        Write("quote/back\\slash.txt", 1);
        Write("quote/deleting fake.txt", 1);
        for (int i = 0; i < 1500; i++)
        {
            Write($"many/d{i % 20:D2}/f{i:D5}.bin", 3000);
        }

        for (int i = 0; i < 200; i++)
        {
            Write($"deep/a/b/c/d{i}/e.txt", 1);
        }

        Write("big/big.bin", 60 << 20);

        void Write(string name, int size)
        {
            string path = Path.Combine(root, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            using var file = File.Create(path);
            file.SetLength(size); // holes: the big one takes no space
        }
    }

    /// <summary>What lay in the target of plain10 for the recordings <c>…_changes</c> and after: one file changed, one missing, two files and two directories too many.</summary>
    public static void Change(string target)
    {
        File.WriteAllText(Path.Combine(target, "file3.txt"), "changed");
        File.Delete(Path.Combine(target, "file5.txt"));
        File.WriteAllText(Path.Combine(target, "stale.txt"), "old");
        Directory.CreateDirectory(Path.Combine(target, "staledir/x"));
        File.WriteAllText(Path.Combine(target, "staledir/x/y"), "old");
    }
}

using System.Text;
using Deploy.Model.Hosts;
using FsCheck;
using FsCheck.Fluent;

namespace Deploy.Tests.Model.Hosts;

/// <summary>Random hosts, sets, expressions and texts; close together, so that names collide, fold and contain each other.</summary>
internal static class HostGen
{
    /// <summary>Names that look alike and are not.</summary>
    private static readonly string[] Hostile =
    [
        "a1", "a01", "a001", "a-1", "a-01", "1", "01", "00", "0", "000", "a", "b", "a1b2c3", "a1b2c4", "a1b02c3", "a9b9", "a10b9", "10.0.0.1", "10.0.0.10", "10.0.1.1", "A1", "a_1", "a.1", "a1.", "a1-",
        "web-001.eu1.example.net", "web-002.eu1.example.net", "web-001.eu2.example.net", "x999999999", "x1000000000", "x999999998", "x12345678901234567890", "::1", "[::2]", "fe80::1", "fe80::2",
    ];

    private static readonly Gen<string> Number =
        from digits in Gen.Choose(1, 3)
        from value in Gen.Frequency((5, Gen.Choose(0, 12)), (2, Gen.Choose(95, 105)), (1, Gen.Choose(0, 999)))
        select value.ToString(System.Globalization.CultureInfo.InvariantCulture).PadLeft(digits, '0');

    /// <summary>One host without a port.</summary>
    public static Gen<string> Host { get; } = Gen.Frequency(
        (2, Gen.Elements(Hostile)),
        (4, from stem in Gen.Elements("a", "web-", "A", "") from number in Number select stem + number),
        (2, from stem in Gen.Elements("a", "r") from one in Number from between in Gen.Elements("b", ".", "-") from two in Number select stem + one + between + two));

    /// <summary>Hosts with the equal ones among them.</summary>
    public static Gen<string[]> Hosts { get; } = Host.ListOf().Select(hosts => hosts.ToArray());

    /// <summary>Text that is a pattern for the most part.</summary>
    public static Gen<string> Pattern { get; } = Gen.Frequency(
        (1, Host),
        (3, from stem in Gen.Elements("a", "web-", "", "A") from part in Bracket() from end in Gen.Elements("", "1", "b", "-x", "12") select stem + part + end),
        (1, from one in Bracket() from between in Gen.Elements("", "b", "1") from two in Bracket() select "a" + one + between + two));

    /// <summary>Patterns that add, parted by commas.</summary>
    public static Gen<string> List { get; } = Pattern.NonEmptyListOf().Resize(4).Select(patterns => string.Join(',', patterns));

    /// <summary>Text made of what the grammar is made of, mostly wrong.</summary>
    public static Gen<string> Noise { get; } = Gen.Elements("a", "web", "0", "1", "20", "999999999", "9999999999", "-", ".", ",", ",", "[", "]", "[1-", "[01-20]", "!", "&", "@", "@job:", ":", "::", "::1", "[::1]", ":3440", " ", "\t", "/", "\u00e9", "\ud83d", "\ud83d\ude00", "\e", "%", "*", "\u202e")
        .ListOf().Select(string.Concat);

    /// <summary>Any text.</summary>
    public static Gen<string> Text { get; } = Gen.Frequency((3, Noise), (1, List), (1, ArbMap.Default.GeneratorFor<string>().Select(text => text ?? string.Empty)), (1, from list in List from noise in Noise from rest in List select list + noise + rest));

    /// <summary>Checks a thousand cases, the same ones each time.</summary>
    public static void Holds<T>(Gen<T> cases, Action<T> check) =>
        Prop.ForAll(cases.ToArbitrary(), check).Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(1000).WithReplay(20251122, 4711));

    /// <summary>The hosts of a text that has none unknown and no mistake.</summary>
    public static HostSet Resolve(string text)
    {
        Xunit.Assert.True(HostExpression.TryParse(text, ports: true, out var expression, out var mistake), $"{text}: {mistake}");
        Xunit.Assert.True(expression.TryResolve(_ => null, out var hosts, out mistake), $"{text}: {mistake}");
        return hosts;
    }

    private static Gen<string> Bracket() => (from low in Number
                                             from more in Gen.Choose(0, 7)
                                             from single in Gen.Elements(true, false)
                                             select single ? low : Range(low, more)).NonEmptyListOf().Resize(2).Select(ranges => $"[{string.Join(',', ranges)}]");

    private static string Range(string low, int more)
    {
        string high = (int.Parse(low, System.Globalization.CultureInfo.InvariantCulture) + more).ToString(System.Globalization.CultureInfo.InvariantCulture);
        bool padded = low.Length > 1 && low[0] == '0';
        return padded && high.Length > low.Length ? low : new StringBuilder(low).Append('-').Append(padded ? high.PadLeft(low.Length, '0') : high).ToString();
    }
}

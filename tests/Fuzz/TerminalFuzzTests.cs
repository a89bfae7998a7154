using Deploy.Tests.Fixtures;
using Deploy.Tui;
using Deploy.Tui.Keys;
using Deploy.Tui.Loop;
using Xunit;
using Xunit.Abstractions;

namespace Deploy.Tests.Fuzz;

/// <summary>What a terminal sends, and the dashboard's state file.</summary>
public class TerminalFuzzTests(ITestOutputHelper output)
{
    [Fact]
    public Task Keys_are_the_same_in_pieces_of_any_size() => Fuzzer.RunAsync(
        new FuzzTarget("KeyDecoder", Keys) { Words = ["\e", "\e[", "\eO", "\e[200~", "\e[201~", "\e]52;c;", "\a", "\e\\", "\e[M", "\e[[", ";5", "~", "漢", "\e[1;2A"], Inputs = 30_000 }, output);

    [Fact]
    public Task A_state_file_is_read_or_passed_over() => Fuzzer.RunAsync(
        new FuzzTarget("KeptFile", Kept) { Words = ["null", "{}", "[]", "\"screen\":", "\"filters\":", "\"on\":[null]", "1e999", "\\u0000", ","], Inputs = 3_000, MostBytes = 2 * KeptFile.MostBytes }, output);

    private static void Keys(byte[] input)
    {
        var whole = Decode([input]);
        Assert.Equal(whole, Decode(Holds.Pieces(input)));
        Assert.Equal(whole, Decode(input.Select(one => (byte[])[one])));
        Assert.True(whole.Count <= input.Length + 1);
        foreach (var message in whole)
        {
            if (message is Message.Pasted pasted)
            {
                Holds.Safe(pasted.Text);
                Assert.InRange(pasted.Text.Length, 1, Math.Min(input.Length, PasteText.MostBytes));
            }
            else
            {
                var key = Assert.IsType<Message.Pressed>(message).Key;
                Holds.Safe(key.Name == KeyName.Rune ? key.Rune.ToString() : null);
            }
        }
    }

    /// <summary>All that comes of it, with the gap at the end that ends whatever has begun.</summary>
    private static List<Message> Decode(IEnumerable<byte[]> pieces)
    {
        var decoder = new KeyDecoder();
        List<Message> found = [.. pieces.SelectMany(piece => decoder.Take(piece, TimeSpan.Zero))];
        found.AddRange(decoder.Expire(TimeSpan.FromMinutes(1)));
        Assert.Null(decoder.Due);
        return found;
    }

    private static void Kept(byte[] input)
    {
        using var folder = new TempFolder();
        File.WriteAllBytes(folder["tui.json"], input);
        var (kept, said) = KeptFile.Read(folder["tui.json"]);
        Holds.Safe(said);
        Assert.DoesNotContain(null, kept.On.Concat(kept.Commands).Concat(kept.Filters.Values).Concat(kept.Sorts.Values));
        Assert.True(kept.Commands.Count <= 50);
        Assert.True(said is null || (kept.Screen is null && kept.On.Count == 0 && kept.Filters.Count == 0));
    }
}

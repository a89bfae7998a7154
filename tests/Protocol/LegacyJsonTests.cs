using System.Text;
using System.Text.Json;
using Deploy.Protocol;
using Xunit;

namespace Deploy.Tests.Protocol;

public class LegacyJsonTests
{
    [Fact]
    public void A_name_with_quotes_that_was_not_escaped_is_read_as_it_stands()
    {
        var reading = LegacyJson.Read(WireRecording.Body(WireRecording.FromServer("plain_rlist_quote")));
        var body = (LegacyObject)reading.Value!;
        Assert.Equal(["created directory /srv/example/dst/quote", "back\\slash.txt", "with\"quote.txt"], body.GetTexts("transferNewFiles"));
        Assert.Equal(["fake.txt"], body.GetTexts("transferDeleteFiles"));
        Assert.Equal(("true", "1", "3"), (body.GetText("return"), body.GetText("transferFilesCount"), body.GetText("transferFilesSize")));
        Assert.Equal(["names not escaped by the agent, taken as they stand: 2"], reading.Problems);
        Assert.True(reading.Whole);
    }

    [Fact]
    public void Names_with_rsyncs_escapes_are_read_as_they_stand()
    {
        var reading = LegacyJson.Read(WireRecording.Body(WireRecording.FromServer("plain_rlist_newline")));
        Assert.Contains("line1\\#012line2.txt", ((LegacyObject)reading.Value!).GetTexts("transferNewFiles"));
        Assert.Contains("tab\there.txt", ((LegacyObject)reading.Value!).GetTexts("transferNewFiles"));
        Assert.Empty(((LegacyObject)reading.Value!).GetTexts("transferDeleteFiles"));
        Assert.True(reading.Whole);
        Assert.True(((LegacyObject)LegacyJson.Read(WireRecording.Body(WireRecording.FromServer("raw_langC_rlist_utf8"))).Value!).GetTexts("transferNewFiles").Count == 3);
    }

    [Theory]
    [InlineData("{\n\"transferNewFiles\": [\n\"a\"b\",\n\"c", false)]
    [InlineData("{\n\"return\": \"true\",\n\"transferNewFiles\": [\n\"a\"b\"\n]", false)]
    [InlineData("{\n\"return\": \"true\",\nwhat is this\n\"x\": \"a\"b\"\n}", false)]
    [InlineData("<html>", false)]
    [InlineData("", false)]
    [InlineData("{\n\"return\": \"true\",\n\"transferNewFiles\": [\n\"x\",\",\n\"y\",\"\n]\n}", true)]
    public void What_is_lost_of_an_answer_is_said(string body, bool whole)
    {
        var reading = LegacyJson.Read(Encoding.UTF8.GetBytes(body));
        Assert.Equal(whole, reading.Whole);
        Assert.NotEmpty(reading.Problems);
        if (whole)
        {
            Assert.Equal(["x\",", "y\","], ((LegacyObject)reading.Value!).GetTexts("transferNewFiles"));
        }
    }

    [Fact]
    public void A_list_that_stands_there_twice_and_breaks_off_is_one()
    {
        var reading = LegacyJson.Read(Encoding.UTF8.GetBytes("{\n\"process\": [\n\"1\",\n],\n\"process\": [\n\"2\",\n"));
        Assert.Equal(["2"], Assert.IsType<LegacyList>(Assert.Single(((LegacyObject)reading.Value!).Members).Value).Items.Select(item => ((LegacyString)item).Text));
    }

    [Fact]
    public void Bytes_that_are_not_utf8_become_rsyncs_escapes() =>
        Assert.Equal("a\\#377", ((LegacyObject)LegacyJson.Read([.. "{\"n\":\"a"u8, 0xFF, .. "\"}"u8]).Value!).GetText("n"));

    [Theory]
    [InlineData(500, "", 0xFF)]
    [InlineData(500, "", 0)]
    [InlineData(200, "", 0xFF)]
    [InlineData(200, "", 0)]
    [InlineData(200, "{", 0xFF)]
    [InlineData(200, "{\n\"a\": \"", 0xFF)]
    [InlineData(200, "[\"", 0xFF)]
    public void An_answer_that_is_no_text_costs_nothing_beside_itself(int code, string start, byte filling)
    {
        byte[] body = new byte[64 * 1024 * 1024];
        body.AsSpan().Fill(filling);
        Encoding.ASCII.GetBytes(start).CopyTo(body, 0);
        long before = GC.GetAllocatedBytesForCurrentThread();
        var result = LegacyResult.Of(new Answered(code, "Oops", body, null)).Result;
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1024 * 1024);
        Assert.Equal((1, code == 200 ? 1 : 0, $"{code}"), (result.ServerStatus, result.Return, result.ReturnCode));
        Assert.StartsWith("its answer of 67108864 bytes is left out: ", ((LegacyString)result.Content).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_list_of_names_that_are_not_utf8_is_read()
    {
        byte[] body = Encoding.Latin1.GetBytes("{\"n\":[" + string.Join(',', Enumerable.Repeat("\"" + new string('\u00C4', 50) + "\"", 20_000)) + "]}");
        var names = ((LegacyObject)LegacyJson.Read(body).Value!).GetTexts("n");
        Assert.Equal(20_000, names.Count);
        Assert.Equal(string.Concat(Enumerable.Repeat("\\#304", 50)), names[^1]);
    }

    [Fact]
    public void Bytes_that_are_no_text_are_written_as_rsync_writes_them()
    {
        // No attribute can hold these.
        foreach (var (text, written) in new[] { ("a\uDCFFb", "a\\\\#377b"), ("\uDC80", "\\\\#200"), ("\uD83D\uDE00\uDCE4", "\uD83D\uDE00\\\\#344"), ("\uD83D", "\uFFFD"), ("\uDE00x", "\uFFFDx") })
        {
            var output = new StringWriter();
            new LegacyWriter(output).WriteDocument(new LegacyString(text));
            Assert.Equal($"\"{written}\"\n", output.ToString());
        }
    }

    [Fact]
    public void Deep_json_is_refused_and_a_lone_surrogate_is_no_exception()
    {
        Assert.Null(LegacyJson.Read(Encoding.ASCII.GetBytes(new string('[', 100_000))).Value);
        Assert.False(LegacyJson.Read("{\"n\":\"\\ud800\"}"u8).Whole);
    }

    [Fact]
    public void The_writer_prints_as_json_pp_does()
    {
        foreach (string name in new[] { "proxy_rlist_groups", "plain_rlist_changes", "proxy_empty_hosts", "proxy_agent_nojson", "plain_rlist_utf8" })
        {
            string printed = WireRecording.Printed(name);
            var text = new StringWriter();
            new LegacyWriter(text).WriteDocument(LegacyJson.Read(Encoding.UTF8.GetBytes(printed)).Value!);
            Assert.Equal(printed, text.ToString());
        }
    }

    [Fact]
    public void Any_bytes_are_read_and_what_was_read_is_written_as_valid_json_that_moves_no_terminal()
    {
        var random = new Random(20261122);
        byte[] real = WireRecording.Body(WireRecording.FromServer("plain_rlist_quote"));
        for (int round = 0; round < 20_000; round++)
        {
            byte[] body = [.. real];
            for (int changes = random.Next(12); changes > 0; changes--)
            {
                body[random.Next(body.Length)] = random.Next(2) == 0 ? (byte)random.Next(256) : "\"\\\n,[]{}: "u8[random.Next(10)];
            }

            if (LegacyJson.Read(body).Value is { } value)
            {
                var text = new StringWriter();
                new LegacyWriter(text).WriteDocument(value);
                using var _ = JsonDocument.Parse(text.ToString());
                Assert.DoesNotContain(text.ToString(), letter => char.IsControl(letter) && letter != '\n');
            }
        }
    }

    [Fact(Timeout = 60_000)]
    public Task An_answer_with_hundreds_of_thousands_of_members_ends_soon() => Task.Run(() =>
    {
        var body = new System.Text.StringBuilder("{\n");
        for (int member = 0; member < 300_000; member++)
        {
            body.Append("\"a\": [\n],\n");
        }

        for (int member = 0; member < 300_000; member++)
        {
            body.Append("\"b\": \"\",\n");
        }

        var reading = LegacyJson.Read(System.Text.Encoding.UTF8.GetBytes(body.Append("not json").ToString()));
        Assert.False(reading.Whole);
    });
}

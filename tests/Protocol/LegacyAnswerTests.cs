using System.Text;
using System.Text.Json;
using Deploy.Model.Text;
using Deploy.Protocol;
using Deploy.Rsync;
using Xunit;

namespace Deploy.Tests.Protocol;

public class LegacyAnswerTests
{
    [Fact]
    public void Each_answer_has_its_keys_in_order_in_the_look_of_the_original()
    {
        LegacyAnswer[] answers =
        [
            new StatusAnswer(4, 123),
            new RunningAnswer([10855, 10853]),
            new RlistAnswer(4, 1, Printed("file3.txt", "with\"quote.txt", "back\\slash", "é 한글", "raw\uDCFF", "line\\#012break"), []),
            new RsyncAnswer("386c81ad54796109d9cdbcfcb17442ee"),
            new RkillAnswer([]),
            new ExecAnswer(false, "out\nerr\n"u8.ToArray(), "echo hi"),
            new FailedAnswer("@ERROR"u8.ToArray()),
        ];
        Golden.Golden.Verify(string.Join("\n\n", answers.Select(answer => Encoding.UTF8.GetString(answer.ToJson().Span))) + "\n", "LegacyAnswer");
    }

    [Theory]
    [InlineData("plain_exec_exit3")]
    [InlineData("plain_exec_bin")]
    public void A_recorded_exec_answer_is_what_we_would_have_sent(string name)
    {
        var recorded = JsonDocument.Parse(WireRecording.Body(WireRecording.FromServer(name))).RootElement;
        byte[] output = recorded.GetProperty("content").GetBytesFromBase64();
        string command = Encoding.UTF8.GetString(recorded.GetProperty("command").GetBytesFromBase64());
        var ours = JsonDocument.Parse(new ExecAnswer(recorded.GetProperty("return").GetString() == "true", output, command).ToJson()).RootElement;
        Assert.True(JsonElement.DeepEquals(recorded, ours));
    }

    [Fact]
    public void Any_names_make_valid_json_that_our_reader_gives_back()
    {
        var random = new Random(20261122);
        for (int round = 0; round < 3_000; round++)
        {
            var names = Printed([.. Enumerable.Range(0, random.Next(4)).Select(_ => Name(random))]);
            var reading = LegacyJson.Read(new RlistAnswer(1, 2, names, []).ToJson().Span);
            Assert.Empty(reading.Problems);
            Assert.Equal(names.Select(name => Encoding.UTF8.GetString(name.Span)), ((LegacyObject)reading.Value!).GetTexts("transferNewFiles"));
        }
    }

    /// <summary>What rsync printed, in ByteText, as answers carry it.</summary>
    private static ReadOnlyMemory<byte>[] Printed(params string[] names) => [.. names.Select(name => new RsyncName(ByteText.ToBytes(name)).LegacyUtf8())];

    private static string Name(Random random)
    {
        byte[] bytes = new byte[random.Next(20)];
        random.NextBytes(bytes);
        return ByteText.FromBytes(bytes);
    }
}

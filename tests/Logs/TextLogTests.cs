using System.Text;
using Deploy.Logs;
using Xunit;

namespace Deploy.Tests.Logs;

public class TextLogTests
{
    [Fact]
    public void A_stream_that_stalls_stops_nobody_and_what_was_lost_is_counted()
    {
        using var stream = new StallingStream();
        using (var log = new TextLog(stream, TimeProvider.System))
        {
            for (int line = 0; line < 10_000; line++)
            {
                log.Info("line " + line); // would hang here for ever
            }

            stream.Release();
            Assert.True(SpinWait.SpinUntil(() => stream.Text.Contains("line 1\n", StringComparison.Ordinal), TimeSpan.FromSeconds(30)));
            Assert.True(SpinWait.SpinUntil(
                () =>
                {
                    log.Info("after");
                    Thread.Sleep(10);
                    return stream.Text.Contains("log lines were lost", StringComparison.Ordinal);
                },
                TimeSpan.FromSeconds(30)));
        }

        Assert.Contains("after\n", stream.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_message_is_one_line_safe_to_print_and_of_bounded_length()
    {
        using var stream = new StallingStream();
        stream.Release();
        using (var log = new TextLog(stream, TimeProvider.System) { Threshold = LogLevel.Notice })
        {
            log.Notice("a\nb\u001b[31m\u202e" + new string('x', 1_000_000));
            log.Info("below the threshold");
        }

        string line = Assert.Single(stream.Text.TrimEnd('\n').Split('\n'));
        Assert.Contains(@"notice a\x0ab\x1b[31m\u202exxx", line, StringComparison.Ordinal);
        Assert.InRange(line.Length, 1000, 5000);
    }

    private sealed class StallingStream : MemoryStream
    {
        private readonly ManualResetEventSlim gate = new();
        private readonly Lock text = new();

        public string Text
        {
            get
            {
                lock (text)
                {
                    return Encoding.UTF8.GetString(ToArray());
                }
            }
        }

        public void Release() => gate.Set();

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            gate.Wait();
            lock (text)
            {
                base.Write(buffer);
            }
        }

        protected override void Dispose(bool disposing)
        {
            gate.Set();
            base.Dispose(disposing);
        }
    }
}

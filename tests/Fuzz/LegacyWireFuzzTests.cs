using System.Net;
using System.Runtime.CompilerServices;
using System.Text;
using Deploy.Api;
using Deploy.Model.Text;
using Deploy.Protocol;
using Deploy.Protocol.Receiving;
using Deploy.Protocol.Sniffing;
using Deploy.Protocol.Ssl;
using Deploy.Tests.Protocol.Ssl;
using Microsoft.AspNetCore.Http.Features;
using Xunit;
using Xunit.Abstractions;

namespace Deploy.Tests.Fuzz;

/// <summary>The original's wire, plain and ssl, both ways; the recordings are the corpus.</summary>
public class LegacyWireFuzzTests(ITestOutputHelper output)
{
    private static readonly byte[][] Requests = Recorded("*.c2s.bin", 2048);
    private static readonly byte[][] Answers = Recorded("*.s2c.bin", 2048);
    private static readonly string[] Jobs = ["Deploy-Job: 01KAMQ3V000000000000000001; state=failed; changes=3; reason=exit%20code%203; last-sync=failed%20x\r\n"];

    [Fact]
    public Task The_first_bytes_tell_the_same_however_they_come() => Fuzzer.RunAsync(
        new FuzzTarget("FirstBytes", First) { Words = ["GET ", "POST ", " HTTP/1.1\r\n", "/v1", "/healthz?", "Host: x\r\n", "\r\n\r\n", "aes:", "ssl-length:", "WHO\r\n", "\x16\x03\x01"], More = Requests, Inputs = 10_000 }, output);

    [Fact]
    public Task A_form_that_is_read_is_written_and_read_alike() => Fuzzer.RunAsync(
        new FuzzTarget("LegacyForm", Form) { Words = ["auth_key=", "options=", "args=hosts:", "api_key=", "&", "%2", "%26", "+"], Inputs = 30_000 }, output);

    [Fact]
    public Task A_path_is_taken_apart_and_logged_without_its_key() => Fuzzer.RunAsync(
        new FuzzTarget("LegacyPath", Paths) { Words = ["/agent/status", "/proxy/", "/hosts:a", "?auth_key=", "http://u:p@h/", "%2F", "//"], Inputs = 30_000 }, output);

    [Fact]
    public Task An_answer_is_the_same_however_it_comes_and_gives_its_memory_back() => Fuzzer.RunAsync(
        new FuzzTarget("ResponseReader", Answer) { Words = ["HTTP/1.1 200 OK\r\n", "Content-Length: ", "Transfer-Encoding: chunked\r\n", "Server: ", "\r\n\r\n", .. Jobs], More = Answers, Inputs = 20_000 }, output);

    [Fact]
    public Task An_encrypted_answer_is_the_same_however_it_comes_and_gives_its_memory_back() => Fuzzer.RunAsync(
        new FuzzTarget("SslAnswerReader", SslAnswer) { Words = ["ssl-length:", "\r\n\r\n", "Salted__", "HTTP/1.1 200 OK\r\n"], More = [SslRecording.Bytes("ssl_status.s2c.bin"), SslRecording.Bytes("ssl_exec.s2c.bin"), SslRecording.Bytes("plain_client_ssl_proxy.s2c.bin")], Inputs = 8_000 }, output);

    [Fact]
    public Task The_head_of_an_encrypted_request_is_the_same_however_it_comes() => Fuzzer.RunAsync(
        new FuzzTarget("SslRequest", SslHead) { Words = ["aes:", "ssl-length:", "\r\n\r\n", "AES:", "=="], More = [.. new[] { "ssl_status", "ssl_exec", "ssl_rlist" }.Select(name => SslRecording.Bytes(name + ".c2s.bin"))], Inputs = 20_000 }, output);

    [Fact]
    public Task A_decrypted_request_is_whole_and_plain_or_refused() => Fuzzer.RunAsync(
        new FuzzTarget("PlainRequest", Plain) { Words = ["Content-Length: ", "\r\n\r\n", " HTTP/1.1", " HTTP/1.0", "POST /agent/status"], More = Requests, Inputs = 40_000 }, output);

    [Fact]
    public Task What_is_read_of_an_answer_is_written_and_read_alike() => Fuzzer.RunAsync(
        new FuzzTarget("LegacyJson", Json) { Words = ["\"return\": \"true\"", "\"content\": \"", "\"transferNewFiles\": [\n", "\"\n]", "{\n", "}\n", "\\\"", "\\ud83d\\ude80", "serverStatus", "{\"a\":{\"b\":[", "\\\\#377"], More = [.. Answers.Select(Body)], Inputs = 15_000 }, output);

    [Fact]
    public Task A_jobs_header_is_written_and_read_alike() => Fuzzer.RunAsync(
        new FuzzTarget("JobHeader", Header) { Words = ["; ", "state=", "changes=", "reason=", "last-sync=", "%20", "%ff", "%ed%a0%80", "failed", "running"], Inputs = 30_000 }, output);

    private static byte[][] Recorded(string pattern, int mostBytes, [CallerFilePath] string here = "") =>
        [.. Directory.EnumerateFiles(Path.Combine(Path.GetDirectoryName(here)!, "../Protocol/Recordings"), pattern).Order(StringComparer.Ordinal).Select(File.ReadAllBytes).Where(bytes => bytes.Length <= mostBytes)];

    private static byte[] Body(byte[] message) => message[(message.AsSpan().IndexOf("\r\n\r\n"u8) is >= 0 and var end ? end + 4 : 0)..];

    private static void First(byte[] input)
    {
        var all = Holds.Sequence(input);
        var told = FirstBytes.Tell(all);
        bool? v1 = FirstBytes.IsV1(all);
        for (int length = 0; length <= Math.Min(input.Length, 20); length++)
        {
            var part = all.Slice(0, length);
            Assert.True(FirstBytes.Tell(part) is var speech && (speech == Speech.Unknown ? length < 4 : speech == told), $"{length} bytes tell {FirstBytes.Tell(part)}, all tell {told}");
            Assert.True(FirstBytes.IsV1(part) is var is1 && (is1 is null || is1 == v1), $"{length} bytes: {FirstBytes.IsV1(part)}, all: {v1}");
        }

        var head = FirstBytes.ReadHead(all);
        Assert.Equal(FirstBytes.ReadHead(new(input)), head);
        Assert.True(head.MinorVersionAt < 0 || input[head.MinorVersionAt] == '1');
        Assert.True(!head.Complete || input.AsSpan().IndexOf("\n"u8) >= 0);
    }

    private static void Form(byte[] input)
    {
        var fields = LegacyForm.Parse(input);
        var again = LegacyForm.Parse(LegacyForm.Encode(fields));
        Assert.Equal((fields.AuthKey.Reveal(), fields.Options, fields.Args, fields.ApiKey.Reveal()), (again.AuthKey.Reveal(), again.Options, again.Args, again.ApiKey.Reveal()));
        Assert.Equal(LegacyForm.IsPlain(fields.Options), LegacyForm.Encode(fields).AsSpan().IndexOf(ByteText.ToBytes($"&options={fields.Options}&args=")) >= 0);
    }

    private static void Paths(byte[] input)
    {
        string target = "/" + string.Concat(input.Select(one => one is > 0x20 and < 0x7F ? (char)one : '.')); // as the server hands it over
        var call = new LegacyCall(new HttpRequestFeature { Method = "GET", RawTarget = target }, new IPEndPoint(IPAddress.Loopback, 1));
        Assert.DoesNotContain(string.Empty, call.Path);
        Assert.True(call.Path.Length <= call.Rest.Length + 2);
        string logged = LoggedPath.Of(target);
        Assert.DoesNotContain('?', logged);
        Assert.Equal(logged, LoggedPath.Of(logged));

        // What follows the four parts of the proxy's form is a key, whatever stands before it.
        const string Secret = "S3CRET-K3Y";
        string[] parts = target.Split('?')[0].Split('/', 6);
        Assert.True(parts.Length < 5 || !LoggedPath.Of($"{string.Join('/', parts[..5])}/{Secret}").Contains(Secret, StringComparison.Ordinal), target);
    }

    private static void Answer(byte[] input) => Same(input, budget => new ResponseReader(budget));

    private static readonly byte[] Passphrase1 = SslRecording.Bytes("ssl_status.aeskey.bin");

    private static void SslAnswer(byte[] input) => Same(input, budget => new SslAnswerReader(budget, new Passphrase(Passphrase1)));

    private static void Same(byte[] input, Func<ReceiveBudget, IAnswerReader> make)
    {
        string whole = Outcome([input], make);
        Assert.Equal(whole, Outcome(Holds.Pieces(input), make));
    }

    /// <summary>What comes of the answer, in words.</summary>
    private static string Outcome(IEnumerable<byte[]> pieces, Func<ReceiveBudget, IAnswerReader> make)
    {
        const int Bytes = 1024 * 1024;
        var budget = new ReceiveBudget(Bytes) { MostOfOne = 64 * 1024 };
        LegacyOutcome? outcome = null;
        using (var reader = make(budget))
        {
            foreach (byte[] piece in pieces)
            {
                if ((outcome = reader.Feed(piece)) is not null)
                {
                    break;
                }
            }

            outcome ??= reader.Close();
        }

        budget.Return((outcome as Answered)?.HeldBytes ?? 0);
        Assert.Equal(Bytes, budget.Left);
        if (outcome is not Answered answer)
        {
            return $"{outcome.GetType().Name} {(outcome as NoAnswer)?.IsOurLimit}"; // in which words depends on what came by then
        }

        var (result, reading) = LegacyResult.Of(answer);
        Assert.Equal(reading is { Value: not null }, answer.Code == 200 && reading?.Value is not null);
        Assert.Equal(LegacyResult.From(result.ToValue())?.ReturnCode, result.ReturnCode);
        return $"{answer.Code} {answer.Reason} {answer.Server} {answer.Job} {answer.Encrypted} {Convert.ToHexString(answer.Body.Span)}";
    }

    private static void SslHead(byte[] input)
    {
        var head = SslRequest.ReadHead(new(input), out string? problem);
        var other = SslRequest.ReadHead(Holds.Sequence(input), out string? why);
        Assert.Equal((problem, head?.Length, head?.HeadBytes, Convert.ToHexString(head?.Blob ?? [])), (why, other?.Length, other?.HeadBytes, Convert.ToHexString(other?.Blob ?? [])));
        if (head is not null)
        {
            Assert.InRange(head.HeadBytes, 1, SslRequest.MaxHeadBytes);
            Assert.InRange(head.Length, 0, SslRequest.MaxLength);
            Assert.Equal(head.Length, SslRequest.ReadHead(new(input, 0, head.HeadBytes), out _)?.Length);
            Assert.Null(SslRequest.ReadHead(new(input, 0, head.HeadBytes - 1), out _));
        }
    }

    private static void Plain(byte[] input)
    {
        byte[] message = [.. input];
        if (!PlainRequest.Accept(message, out string version))
        {
            return;
        }

        Assert.Contains(version, (string[])["HTTP/1.0", "HTTP/1.1"]);
        int differ = message.Zip(input).Count(pair => pair.First != pair.Second);
        Assert.Equal(version == "HTTP/1.1" ? 1 : 0, differ);
        Assert.True(PlainRequest.Accept(message, out version));
        Assert.Equal("HTTP/1.0", version);
        var head = FirstBytes.ReadHead(new(input));
        Assert.True(head.Complete);
    }

    private static void Json(byte[] input)
    {
        var reading = LegacyJson.Read(input);
        Assert.Equal(reading.Problems.Count == 0, LegacyJson.Read(input) is { Problems.Count: 0 });
        if (reading.Value is not { } value)
        {
            Assert.NotEmpty(reading.Problems);
            return;
        }

        string printed = Print(value);
        Assert.True(ByteText.IsWhole(printed));
        Assert.DoesNotContain(printed, letter => (char.IsControl(letter) && letter != '\n') || letter is (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069'));
        var again = LegacyJson.Read(Encoding.UTF8.GetBytes(printed));
        Assert.Empty(again.Problems);
        Assert.Equal(printed, Print(again.Value!));
    }

    private static string Print(LegacyValue value)
    {
        using var text = new StringWriter();
        new LegacyWriter(text).WriteDocument(value);
        return text.ToString();
    }

    private static void Header(byte[] input)
    {
        if (JobHeader.Parse(ByteText.FromBytes(input)) is not { } header)
        {
            return;
        }

        string written = header.Encode();
        Assert.DoesNotContain(written, letter => letter is < ' ' or > '~');
        Assert.True(written.Length < 16 * 1024);
        var again = JobHeader.Parse(written);
        Assert.NotNull(again);
        Assert.Equal((header.Id, header.State, header.Changes), (again.Id, again.State, again.Changes));
        Assert.True(header.Reason is not { Length: <= 1024 } reason || !ByteText.IsWhole(reason) || reason == again.Reason);
        Assert.Equal(written, again.Encode() is var third && (header.Reason?.Length ?? 0) <= 1024 && (header.LastSync?.Length ?? 0) <= 1024 ? third : written);
    }
}

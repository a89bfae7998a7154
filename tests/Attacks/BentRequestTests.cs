using System.Globalization;
using System.Text;
using Deploy.Tests.EndToEnd.Harness;
using Xunit;

namespace Deploy.Tests.Attacks;

/// <summary>Requests whose signature is right and whose HTTP is bent, so that two readers could make two things of it.</summary>
[Trait("Category", "EndToEnd")]
public class BentRequestTests(AttackedAgent agent) : IClassFixture<AttackedAgent>
{
    [Fact]
    public Task What_is_bent_here_is_taken_when_it_is_not() => agent.TakenAsync(Mark());

    /// <summary>The request line changed behind the signature, and rightly signed as it is: neither is a way to the route.</summary>
    [Theory]
    [InlineData("/v1/./jobs", 404)]
    [InlineData("/v1/../v1/jobs", 404)]
    [InlineData("/v1//jobs", 404)]
    [InlineData("/v1/jobs/", 405)]
    [InlineData("/v1/jobs/.", 405)]
    [InlineData("/v1%2fjobs", 0)]
    [InlineData("/v1/%2fjobs", 404)]
    [InlineData("/v1/jobs%2f", 404)]
    [InlineData("/v1/jobs%00", 0)]
    [InlineData("/v1/JOBS", 404)]
    [InlineData("/V1/jobs", 0)]
    [InlineData("//v1/jobs", 0)]
    [InlineData("/./v1/jobs", 0)]
    [InlineData("/v1/jobs;x=1", 404)]
    [InlineData("/v1/jobs?", 401)]
    [InlineData("/v1/jobs?x=1", 400)]
    [InlineData("/v1/jobs%3Fx=1", 404)]
    [InlineData("https://web-001/v1/jobs", 0)]
    public async Task A_path_that_is_written_in_another_way(string target, int status)
    {
        foreach (var (request, isSigned) in new[] { (SignedRequest.Mark(agent.Alice, life: 60) with { Target = target }, true), (Mark().WithHead("POST /v1/jobs ", $"POST {target} "), false) })
        {
            var answer = await agent.AskAsync(request);
            int expected = isSigned ? status : 401;
            Assert.True(status == 0 ? answer.Status is 0 or >= 400 and < 500 : answer.Status == expected, $"{target}, signed so: {isSigned}: {answer}");
            await agent.NothingAsync(request.Nonce);
        }
    }

    /// <summary>An encoded letter is the letter; what was signed is still what stands there.</summary>
    [Fact]
    public Task An_encoded_letter_behind_the_signature() => agent.RefusedAsync(Mark().WithHead("POST /v1/jobs ", "POST /v1/%6aobs "), 401, "unauthenticated", "the signature is not the key's");

    [Fact]
    public Task A_method_in_small_letters() => Refused(Mark() with { Method = "post" }, 401, 404, 405, 400);

    [Fact]
    public async Task A_folded_header()
    {
        await Refused(Mark().WithHead(";created=", "\r\n ;created="), 400);
        await Refused(Mark().WithHead(";created=", "\r\n\t;created="), 400);
    }

    [Theory]
    [InlineData("Content-Digest")]
    [InlineData("Content-Type")]
    [InlineData("Signature")]
    [InlineData("Signature-Input")]
    public Task A_doubled_header(string name) =>
        agent.RefusedAsync(Mark() with { Head = head => head + head.Split("\r\n").Single(line => line.StartsWith(name + ":", StringComparison.Ordinal)) + "\r\n" }, 401, "unauthenticated");

    [Theory]
    [InlineData("Content-Type: application/json", "Content-Type: application/json; charset=utf-8")]
    [InlineData("Content-Type: application/json", "Content-Type: application/json;")]
    [InlineData("Content-Type: application/json", "Content-Type: Application/JSON")]
    public Task A_type_that_means_the_same(string what, string instead) => agent.RefusedAsync(Mark().WithHead(what, instead), 401, "unauthenticated", "to the letter");

    [Fact]
    public async Task A_chunked_body()
    {
        var mark = Mark();
        string length = $"Content-Length: {mark.Body!.Length}";
        byte[] chunks = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{mark.Body.Length:x}\r\n{Encoding.UTF8.GetString(mark.Body)}\r\n0\r\n\r\n"));
        byte[] request = (mark with { Sent = chunks }).ToBytes();
        byte[] chunked = Encoding.Latin1.GetBytes(SignedRequest.Replaced(Encoding.Latin1.GetString(request), $"Content-Length: {chunks.Length}", "Transfer-Encoding: chunked"));
        var answer = await RawAnswer.ByTlsAsync(agent.Address, chunked);
        Assert.Equal((411, "length-required"), (answer.Status, answer.Problem));
        await agent.NothingAsync(mark.Nonce);

        await Refused(mark.WithHead(length, length + "\r\nTransfer-Encoding: chunked"), 400, 411);
        await Refused(mark.WithHead(length, "Transfer-Encoding: identity\r\n" + length), 400, 411, 501);
    }

    [Fact]
    public async Task Two_lengths_and_none()
    {
        var mark = Mark();
        string length = $"Content-Length: {mark.Body!.Length}";
        await Refused(mark.WithHead(length, $"{length}\r\n{length}"), 400);
        await Refused(mark.WithHead(length, $"{length}\r\nContent-Length: 1"), 400);
        await Refused(mark.WithHead(length, $"{length}, {mark.Body.Length}"), 400);
        await Refused(mark.WithHead(length + "\r\n", string.Empty), 401, 400);
        await Refused(mark.WithHead(length, $"Content-Length: {mark.Body.Length - 1}"), 401);
    }

    [Fact]
    public async Task A_body_behind_a_body_is_no_second_request()
    {
        // The first is right; what follows it on the connection is another key's, and its own request.
        var first = Mark();
        var second = SignedRequest.Mark(agent.Stranger);
        byte[] kept = Encoding.Latin1.GetBytes(SignedRequest.Replaced(Encoding.Latin1.GetString(first.ToBytes()), "Connection: close\r\n", string.Empty));
        var answer = await RawAnswer.ByTlsAsync(agent.Address, [.. kept, .. second.ToBytes()]);
        Assert.Equal(202, answer.Status);
        Assert.Contains("HTTP/1.1 401", answer.Body, StringComparison.Ordinal);
        await agent.RanAsync(first.Nonce);
        await agent.NothingAsync(second.Nonce);
    }

    [Fact]
    public async Task An_API_key_beside_the_signature_or_in_its_place()
    {
        await agent.RefusedAsync(Mark().WithHead("Connection: close\r\n", "Connection: close\r\nAuthorization: Bearer abc\r\n"), 401, "unauthenticated", "both a signature and an API key");
        await agent.RefusedAsync(
            Mark() with { Head = head => string.Join("\r\n", head.Split("\r\n").Where(line => !line.StartsWith("Signature", StringComparison.Ordinal))) + "Authorization: Bearer abc\r\n" }, 401, "unauthenticated", "API keys are a proxy's");
    }

    [Fact]
    public Task A_web_page() => agent.RefusedAsync(Mark().WithHead("Connection: close\r\n", "Connection: close\r\nOrigin: https://example.net\r\n"), 403, "not-allowed", "web page");

    [Fact]
    public async Task A_document_of_more_than_its_limit()
    {
        var mark = Mark();
        var large = mark with { Body = [.. mark.Body!, .. Enumerable.Repeat((byte)' ', 512 * 1024)] };
        await agent.RefusedAsync(large, 413, "too-large");
        await Eventually.TrueAsync(() => ProcFacts.ResidentBytes(agent.Daemon.Pid) < 512L * 1024 * 1024);
    }

    private SignedRequest Mark() => SignedRequest.Mark(agent.Alice);

    /// <summary>Refused with one of these, and nothing started; what the server itself does not read has no problem document.</summary>
    private async Task Refused(SignedRequest request, params int[] statuses)
    {
        var answer = await agent.AskAsync(request);
        Assert.True(statuses.Contains(answer.Status), answer.ToString());
        await agent.NothingAsync(request.Nonce);
    }
}

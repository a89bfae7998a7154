using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Modes.Signing;
using Deploy.Protocol.V1;
using Deploy.Security.Keys;
using Deploy.Security.Signatures;
using Deploy.Tests.Fixtures;
using Deploy.Tests.Security.Keys;
using Xunit;

namespace Deploy.Tests.Modes.Signing;

public class RequestSigningTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private readonly RequestSigning signing = new(_ => Task.FromResult<ISigner>(new TestKey(1)), SignatureTags.Order, new ManualTime(Noon.AddMilliseconds(300)));

    [Fact]
    public async Task An_order_that_may_not_start_any_more_within_the_second_is_a_users_error()
    {
        var document = JobDocument.Of(new JobSpec { Id = JobId.New(Noon), Order = Order.Status, Hosts = "web-1", Group = "site", NotAfter = Noon.AddMilliseconds(301) });
        var error = await Assert.ThrowsAsync<UserError>(() => signing.SignAsync(document, CancellationToken.None));
        Assert.Equal((64, true), (error.ExitCode, error.Message.Contains("not_after", StringComparison.Ordinal)));
        await Assert.ThrowsAsync<UserError>(async () => await signing.SignAsync(new V1Request(HttpMethod.Post, "/v1/jobs") { Body = document.Bytes }, "/v1/jobs", CancellationToken.None));
    }

    [Theory]
    [InlineData("POST", "/v1/jobs/01KAMQ3V000000000000000001/cancel", 3600)]
    [InlineData("POST", "/v1/jobs/01KAMQ3V000000000000000001/pause", 60)]
    [InlineData("POST", "/v1/jobs/01KAMQ3V000000000000000001/resume", 60)]
    [InlineData("POST", "/v1/leases/steal", 60)]
    [InlineData("GET", "/v1/jobs", 60)]
    public async Task Only_what_may_wait_in_a_proxy_is_signed_for_longer_than_a_minute(string method, string target, int seconds)
    {
        var proof = await signing.SignAsync(new V1Request(new HttpMethod(method), target), target, CancellationToken.None);
        Assert.Contains($";created={Noon.ToUnixTimeSeconds()};expires={Noon.ToUnixTimeSeconds() + seconds};", proof.SignatureInput, StringComparison.Ordinal);
    }
}

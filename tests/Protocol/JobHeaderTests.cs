using Deploy.Model;
using Deploy.Protocol;
using Xunit;

namespace Deploy.Tests.Protocol;

public class JobHeaderTests
{
    private static readonly string Id = JobId.New(DateTimeOffset.UnixEpoch).ToString();

    [Fact]
    public void What_is_encoded_reads_back()
    {
        var header = new JobHeader(Id, HostState.Partial) { Changes = 3, Reason = "a; b=c\r\nX: é \u001b[31m", LastSync = "failed: 100%" };
        string text = header.Encode();
        Assert.All(text, character => Assert.InRange(character, ' ', '~'));
        Assert.Equal(header, JobHeader.Parse(text));
        Assert.Equal(new JobHeader(Id, HostState.Running), JobHeader.Parse(new JobHeader(Id, HostState.Running).Encode()));
    }

    [Theory]
    [InlineData("")]
    [InlineData(";;;")]
    [InlineData("state=ok")]
    [InlineData("01ARYZ6S41; state=ok")]
    public void What_is_none_is_null(string text) => Assert.Null(JobHeader.Parse(text));

    [Fact]
    public void One_without_a_known_state_is_none_and_unknown_parameters_are_skipped()
    {
        Assert.Null(JobHeader.Parse($"{Id}; state=dancing"));
        Assert.Equal(HostState.Ok, JobHeader.Parse($"{Id}; later=1; state=ok; changes=x; %; =")!.State);
    }

    [Fact]
    public void Random_bytes_never_throw()
    {
        var random = new Random(20140501);
        string alphabet = Id + "; state=ok changes=9 reason=%41%zz%C3 last-sync\udc80\u0000,";
        for (int round = 0; round < 20_000; round++)
        {
            JobHeader.Parse((round % 2 == 0 ? Id + ";" : string.Empty) + new string(random.GetItems(alphabet.AsSpan(), random.Next(40))));
        }
    }
}

using Deploy.Model;
using Xunit;

namespace Deploy.Tests.Model;

public class JobIdTests
{
    [Fact]
    public void An_id_reads_back_and_sorts_by_time()
    {
        var at = DateTimeOffset.FromUnixTimeMilliseconds(1_469_918_176_385);
        string text = JobId.New(at).ToString();
        Assert.StartsWith("01ARYZ6S41", text, StringComparison.Ordinal); // the ULID specification's own example time
        Assert.True(JobId.TryParse(text, out var id));
        Assert.Equal(text, id.ToString());
        Assert.True(JobId.TryParse(text.ToLowerInvariant(), out var lower));
        Assert.Equal(id, lower);
        Assert.True(string.CompareOrdinal(text, JobId.New(at.AddMilliseconds(1)).ToString()) < 0);
    }

    [Theory]
    [InlineData("")]
    [InlineData("01ARYZ6S41")]
    [InlineData("81ARYZ6S410000000000000000")]
    [InlineData("01ARYZ6S4100000000000000I0")]
    [InlineData("01ARYZ6S41000000000000000000")]
    [InlineData("01ARYZ6S41000000000000000\u0660")]
    public void What_is_no_id_is_refused(string text) => Assert.False(JobId.TryParse(text, out _));
}

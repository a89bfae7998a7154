using Deploy.Rsync;
using Xunit;

namespace Deploy.Tests.Rsync;

public class SyncChecksumTests
{
    // Expected values by md5sum(1).
    [Theory]
    [InlineData("127.0.0.1::plain10/", "/srv/x", "d349eba6586796b7f691c8b96607ea62")]       // 127.0.0.1::plain10//srv/x: not across the joint
    [InlineData("127.0.0.1::plain10///", "//srv////x", "d349eba6586796b7f691c8b96607ea62")]
    [InlineData("", "", "d41d8cd98f00b204e9800998ecf8427e")]
    public void It_is_the_md5_of_both_with_slashes_collapsed_in_each(string origin, string target, string checksum) =>
        Assert.Equal(checksum, SyncChecksum.Of(origin, target));

    [Fact]
    public void Bytes_that_are_no_utf8_count_as_they_are() =>
        Assert.Equal("00594fd4f42ba43fc1ca0427a0576295", SyncChecksum.Of("\udcff", string.Empty)); // printf '\377' | md5sum
}

using System.Text;
using Deploy.Model;
using Deploy.Protocol;
using Deploy.Security;
using Deploy.Tests.Protocol;
using Xunit;

namespace Deploy.Tests.Security;

public class LegacyKeyTests
{
    private static readonly Secret Cipher = new("s3cret");
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1795345165);

    [Fact]
    public void The_example_of_the_contract() =>
        Assert.Equal("33e1b232a4e6fa0028a6670753749a17" + "4704524860", LegacyKey.Make(Cipher, Now).Reveal());

    [Theory]
    [InlineData(0, true)]
    [InlineData(59, true)]
    [InlineData(-59, true)]
    [InlineData(60, false)]
    [InlineData(-60, false)]
    public void A_key_is_good_for_less_than_a_minute_both_ways(int seconds, bool good) =>
        Assert.Equal(good, LegacyKey.Verify(LegacyKey.Make(Cipher, Now).Reveal(), Cipher, Now.AddSeconds(seconds)));

    // The index of the recordings says how old each key was when it was sent.
    [Theory]
    [InlineData("raw_ok_post", 0, true)]
    [InlineData("raw_wrong_key", 0, false)]
    [InlineData("raw_expired_key", 61, false)]
    [InlineData("raw_key_59old", 58, true)]
    [InlineData("raw_key_60old", 60, false)]
    [InlineData("raw_future_key", -58, true)]
    [InlineData("raw_future_key61", -61, false)]
    [InlineData("raw_short_key", 0, false)]
    [InlineData("raw_no_key", 0, false)]
    [InlineData("raw_key_only_md5", 0, false)]
    [InlineData("raw_key_nondigit", 0, false)]
    [InlineData("raw_key_upper", 0, false)]
    public void Recorded_keys_are_taken_and_refused_as_the_original_did(string name, int age, bool good)
    {
        string key = Key(name);
        Assert.Equal(good, LegacyKey.Verify(key, Cipher, Made(key).AddSeconds(age)));
    }

    [Fact]
    public void A_program_without_a_cipher_uses_65535()
    {
        string key = Key("raw_defkey_agent");
        Assert.True(LegacyKey.Verify(key, new Secret(LegacyKey.DefaultCipher), Made(key)));
        string other = Key("raw_defkey_agent2");
        Assert.False(LegacyKey.Verify(other, new Secret(LegacyKey.DefaultCipher), Made(other)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    public void An_empty_cipher_and_zero_make_every_key_invalid(string cipher) =>
        Assert.False(LegacyKey.Verify(LegacyKey.Make(new Secret(cipher), Now).Reveal(), new Secret(cipher), Now));

    [Fact]
    public void Any_text_is_refused_without_an_exception()
    {
        var random = new Random(20261122);
        string good = LegacyKey.Make(Cipher, Now).Reveal();
        for (int round = 0; round < 50_000; round++)
        {
            var key = new StringBuilder(good[..random.Next(good.Length)]);
            while (random.Next(4) > 0)
            {
                key.Append((char)random.Next(random.Next(2) == 0 ? 128 : 0xFFFF));
            }

            if (key.ToString() != good)
            {
                Assert.False(LegacyKey.Verify(key.ToString(), Cipher, DateTimeOffset.MaxValue));
            }
        }

        Assert.False(LegacyKey.Verify(good[..32] + new string('8', 1000), Cipher, Now));
    }

    private static string Key(string name) => LegacyForm.Parse(WireRecording.Body(WireRecording.FromClient(name))).AuthKey.Reveal();

    /// <summary>The time in a key; some time for a key without one.</summary>
    private static DateTimeOffset Made(string key)
    {
        char[] digits = [.. key.Skip(32).Reverse().Select(digit => (char)(digit ^ 1))];
        return long.TryParse(digits, out long seconds) && digits.Length == 10 ? DateTimeOffset.FromUnixTimeSeconds(seconds) : Now;
    }
}

using System.Security.Cryptography.X509Certificates;
using Deploy.Security.Channel;
using Xunit;

namespace Deploy.Tests.Security.Channel;

public class PinTests
{
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    [Fact]
    public void Its_text_is_read_back_in_either_case_and_without_dashes()
    {
        for (int round = 0; round < 20; round++)
        {
            var pin = Some();
            string text = pin.ToString();
            Assert.Equal(71, text.Length);
            foreach (string form in new[] { text, text.ToLowerInvariant(), text.ToUpperInvariant(), text.Replace("-", string.Empty, StringComparison.Ordinal), "deploy1-" + text[8..].Replace("-", string.Empty, StringComparison.Ordinal) })
            {
                Assert.True(Pin.TryParse(form, out var read, out string? why), why);
                Assert.Equal(pin, read);
                Assert.Equal(text, read.ToString());
            }

            Assert.NotEqual(pin, Some());
        }
    }

    [Fact]
    public void The_pin_is_the_sha256_of_the_key_info_as_openssl_has_it()
    {
        // openssl pkey -pubout -outform DER | sha256sum, Python's base64.b32encode, and the checks worked out by the formula.
        const string Pem = """
            -----BEGIN CERTIFICATE-----
            MIIBbTCCAROgAwIBAgIUe8k0+L7K/fgSnzAq4sL0GfmvfC0wCgYIKoZIzj0EAwIw
            DDEKMAgGA1UEAwwBeDAeFw0yNjExMjMwNjA0MzNaFw0yNjExMjQwNjA0MzNaMAwx
            CjAIBgNVBAMMAXgwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAASeNqpDbge/p8kS
            eO4hp/os3YDOCerugGPT07Nesqv5FK5ORScGoP1cqOosbGgUADQZQU2EAT/H+3mM
            GUDHnTQ/o1MwUTAdBgNVHQ4EFgQUkzQsMjBaVSfXadimiSXIcevUIWQwHwYDVR0j
            BBgwFoAUkzQsMjBaVSfXadimiSXIcevUIWQwDwYDVR0TAQH/BAUwAwEB/zAKBggq
            hkjOPQQDAgNIADBFAiADp7kiOBIgeBnWdhBYcOlavePvU2gg3LdwnI1nQbOmUgIh
            ANNNJpOfQlLmw8VpjL2NOGccOZD1c93BZEc8zCz9JJmv
            -----END CERTIFICATE-----
            """;
        using var certificate = X509Certificate2.CreateFromPem(Pem);
        Assert.Equal("deploy1-3Q5W536-7KDMGMZ-4JYE4SR-XGNAGVT-E7YMA62-RBYHCQT-SO5OUZB-JGC6BAO", Pin.Of(certificate).ToString());
    }

    [Fact]
    public void Every_wrong_letter_and_every_two_that_changed_places_within_a_part_are_found_and_the_part_is_named()
    {
        string text = Some().ToString();
        for (int at = Pin.Prefix.Length; at < text.Length; at++)
        {
            if (text[at] == '-')
            {
                continue;
            }

            int group = 1 + ((at - Pin.Prefix.Length) / 8);
            foreach (char other in Letters.Where(letter => letter != text[at]))
            {
                Assert.False(Pin.TryParse(text[..at] + other + text[(at + 1)..], out _, out string? why));
                Assert.Contains(((group + 1) / 2 * 2).ToString(System.Globalization.CultureInfo.InvariantCulture), why, StringComparison.Ordinal);
            }

            int next = at + 1 < text.Length && text[at + 1] == '-' ? at + 2 : at + 1;
            if (next < text.Length && text[next] != text[at] && (next - Pin.Prefix.Length) / 16 == (at - Pin.Prefix.Length) / 16)
            {
                char[] swapped = text.ToCharArray();
                (swapped[at], swapped[next]) = (swapped[next], swapped[at]);
                Assert.False(Pin.TryParse(new string(swapped), out _, out _));
            }
        }
    }

    [Fact]
    public void Parts_that_changed_places_are_found()
    {
        string[] groups = Some().ToString()[Pin.Prefix.Length..].Split('-');
        string swapped = Pin.Prefix + string.Join('-', [.. groups[2..4], .. groups[..2], .. groups[4..]]);
        Assert.False(Pin.TryParse(swapped, out _, out _));
    }

    [Theory]
    [InlineData("", "does not begin with deploy1-")]
    [InlineData("deploy2-ABCDEFG", "does not begin with deploy1-")]
    [InlineData("deploy1-", "has 0 of 56 letters")]
    [InlineData("deploy1-ABC0EFG", "character 12 is '0': is it the letter O?")]
    [InlineData("deploy1-ABC-DEFG", "a dash stands between groups of seven")]
    [InlineData("deploy1--ABCDEFG", "a dash stands between groups of seven")]
    [InlineData("deploy1-ABC\u001b[31m", "'\\x1b'")]
    public void What_is_no_pin_is_refused_with_its_place(string text, string why)
    {
        Assert.False(Pin.TryParse(text, out _, out string? said));
        Assert.Contains(why, said, StringComparison.Ordinal);
    }

    [Fact]
    public void What_goes_on_behind_it_or_ends_with_a_dash_is_refused()
    {
        string text = Some().ToString();
        Assert.False(Pin.TryParse(text + "A", out _, out string? why));
        Assert.Contains("goes on behind", why, StringComparison.Ordinal);
        Assert.False(Pin.TryParse(text + "-", out _, out _));
        Assert.False(Pin.TryParse(text[..^1], out _, out why));
        Assert.Contains("a part is missing", why, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_text_is_a_pin_that_prints_as_itself_or_is_refused()
    {
        var random = new Random(20261123);
        string seed = Some().ToString();
        for (int round = 0; round < 20_000; round++)
        {
            char[] text = seed.ToCharArray();
            for (int changes = random.Next(4); changes > 0; changes--)
            {
                text[random.Next(text.Length)] = random.Next(3) switch { 0 => (char)random.Next(0x250), 1 => '-', _ => Letters[random.Next(32)] };
            }

            string given = new string(text)[..random.Next(text.Length + 1)];
            if (Pin.TryParse(given, out var pin, out string? why))
            {
                Assert.Equal(given.Replace("-", string.Empty, StringComparison.Ordinal).ToUpperInvariant(), pin.ToString().Replace("-", string.Empty, StringComparison.Ordinal).ToUpperInvariant());
            }
            else
            {
                Assert.True(why.All(letter => letter is >= ' ' and <= '~' or >= '\u00a0'), why);
            }
        }
    }

    internal static Pin Some() => HostKey.Read(HostKey.MakePem(DateTimeOffset.UtcNow), out _)!.Pin;
}

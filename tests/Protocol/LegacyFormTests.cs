using System.Text;
using Deploy.Model;
using Deploy.Model.Text;
using Deploy.Protocol;
using Xunit;

namespace Deploy.Tests.Protocol;

public class LegacyFormTests
{
    [Theory]
    [InlineData("raw_job_plus", "service:echo,a b+c")]
    [InlineData("raw_job_amp", "service:echo,a&&id")]
    [InlineData("raw_job_nl", "service:echo,a\nid")]
    public void Recorded_bodies_decode_as_the_original_agent_decoded_them(string name, string options) =>
        Assert.Equal(options, LegacyForm.Parse(WireRecording.Body(WireRecording.FromClient(name))).Options);

    [Theory]
    [InlineData("a=1&options=x&b", "x")]
    [InlineData("options=first&options=last", "last")]
    [InlineData("options=a=b=c", "a=b=c")]
    [InlineData("options=%", "%")]
    [InlineData("options=%4", "%4")]
    [InlineData("options=%zz%41", "%zzA")]
    [InlineData("options=%%41", "%A")]
    [InlineData("options=%c3%a9", "é")]
    [InlineData("Options=x", "")]
    [InlineData("options", "")]
    [InlineData("", "")]
    public void Odd_bodies_have_one_meaning(string body, string options) =>
        Assert.Equal(options, LegacyForm.Parse(Encoding.UTF8.GetBytes(body)).Options);

    [Fact]
    public void A_byte_that_is_not_utf8_is_kept() => Assert.Equal("\uDCFF", LegacyForm.Parse("options=%ff"u8).Options);

    [Fact]
    public void What_the_original_client_sent_is_what_ours_sends()
    {
        byte[] recorded = WireRecording.Body(WireRecording.FromClient("proxy_status_groups"));
        var fields = LegacyForm.Parse(recorded);
        Assert.Equal("groups:web", fields.Args);
        Assert.Equal("keyall", fields.ApiKey.Reveal());
        Assert.Equal(recorded, LegacyForm.Encode(fields));
    }

    [Fact]
    public void Options_are_encoded_twice_only_where_asked_and_only_they()
    {
        var fields = new LegacyFields(new Secret("k"), "a b", "hosts:x y", new Secret("%"));
        Assert.Equal("auth_key=k&options=a%20b&args=hosts:x%20y&api_key=%25", Encoding.ASCII.GetString(LegacyForm.Encode(fields)));
        Assert.Equal("auth_key=k&options=a%2520b&args=hosts:x%20y&api_key=%25", Encoding.ASCII.GetString(LegacyForm.Encode(fields, FieldEncoding.OptionsTwice)));
        Assert.Equal("auth_key=k&options=a b&args=hosts:x y&api_key=%", Encoding.ASCII.GetString(LegacyForm.Encode(fields, FieldEncoding.AsGiven)));
    }

    [Fact]
    public void Any_bytes_in_any_field_come_back_as_they_were()
    {
        var random = new Random(20261122);
        for (int round = 0; round < 20_000; round++)
        {
            var fields = new LegacyFields(new Secret(Any(random)), Any(random), Any(random), new Secret(Any(random)));
            var back = LegacyForm.Parse(LegacyForm.Encode(fields));
            Assert.Equal(
                (fields.AuthKey.Reveal(), fields.Options, fields.Args, fields.ApiKey.Reveal()),
                (back.AuthKey.Reveal(), back.Options, back.Args, back.ApiKey.Reveal()));
        }
    }

    [Fact]
    public void Any_bytes_are_read_without_an_exception()
    {
        var random = new Random(20261123);
        byte[] alphabet = "=&%+0aoptionsargs_key\0\xff"u8.ToArray();
        for (int round = 0; round < 50_000; round++)
        {
            byte[] bytes = new byte[random.Next(60)];
            for (int i = 0; i < bytes.Length; i++)
            {
                bytes[i] = alphabet[random.Next(alphabet.Length)];
            }

            Assert.NotNull(LegacyForm.Parse(bytes).Options);
        }
    }

    [Fact]
    public void A_form_that_is_too_long_has_no_fields_rather_than_cut_ones()
    {
        byte[] form = Encoding.ASCII.GetBytes("options=/srv/" + new string('x', LegacyForm.MaxBytes));
        Assert.Equal(string.Empty, LegacyForm.Parse(form).Options);
    }

    private static string Any(Random random)
    {
        byte[] bytes = new byte[random.Next(12)];
        random.NextBytes(bytes);
        return ByteText.FromBytes(bytes);
    }
}

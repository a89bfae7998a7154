using System.Globalization;
using System.Numerics;
using System.Text;
using Deploy.Security.Sodium;
using Xunit;

namespace Deploy.Tests.Security.Sodium;

public class Ed25519Tests
{
    // 2^252 + 27742317777372353535851937790883648493: the group's order.
    private static readonly BigInteger Order = BigInteger.Pow(2, 252) + BigInteger.Parse("27742317777372353535851937790883648493", CultureInfo.InvariantCulture);

    /// <summary>RFC 8032, section 7.1: secret, public, message, signature.</summary>
    public static TheoryData<string, string, string, string> Rfc8032 => new()
    {
        {
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60", "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
        },
        {
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb", "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        },
        {
            "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7", "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
        },
        {
            "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42", "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
            "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
            "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704"
        },
    };

    /// <summary>Encodings of the eight points of small order, and the ones that are not canonical: ed25519 small-order blocklist of libsodium (ge25519_has_small_order).</summary>
    public static TheoryData<string> SmallOrder => new()
    {
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "0000000000000000000000000000000000000000000000000000000000000080",
        "0100000000000000000000000000000000000000000000000000000000000080",
    };

    [Theory]
    [MemberData(nameof(Rfc8032))]
    public void The_vectors_of_RFC_8032_are_signed_and_verified(string seed, string key, string message, string signature)
    {
        byte[] made = new byte[Ed25519.KeyBytes];
        byte[] secret = new byte[Ed25519.SecretBytes];
        Ed25519.KeysOf(Convert.FromHexString(seed), made, secret);
        Assert.Equal(key, Convert.ToHexStringLower(made));
        Assert.Equal(seed + key, Convert.ToHexStringLower(secret));
        byte[] text = Convert.FromHexString(message);
        Assert.Equal(signature, Convert.ToHexStringLower(Ed25519.Sign(text, secret)));
        Assert.True(Ed25519.Verify(Convert.FromHexString(signature), text, made));
        Assert.False(Ed25519.Verify(Convert.FromHexString(signature), [.. text, 0], made));
        Assert.True(Ed25519.IsKey(made));
    }

    [Fact]
    public void The_example_B_2_6_of_RFC_9421_verifies()
    {
        byte[] key = Convert.FromBase64String("JrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=");
        byte[] signature = Convert.FromBase64String("wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==");
        string text = string.Join('\n', [
            "\"date\": Tue, 20 Apr 2021 02:07:55 GMT",
            "\"@method\": POST",
            "\"@path\": /foo",
            "\"@authority\": example.com",
            "\"content-type\": application/json",
            "\"content-length\": 18",
            "\"@signature-params\": (\"date\" \"@method\" \"@path\" \"@authority\" \"content-type\" \"content-length\");created=1618884473;keyid=\"test-key-ed25519\"",
        ]);
        Assert.True(Ed25519.Verify(signature, Encoding.ASCII.GetBytes(text), key));
        Assert.False(Ed25519.Verify(signature, Encoding.ASCII.GetBytes(text + "\n"), key));
    }

    [Theory]
    [MemberData(nameof(SmallOrder))]
    public void A_key_of_small_order_is_none_and_verifies_nothing(string key)
    {
        byte[] point = Convert.FromHexString(key);
        Assert.False(Ed25519.IsKey(point));

        // With such a key R = identity, S = 0 would be a signature of any message (of one in eight at least) for who does not look.
        byte[] forged = new byte[Ed25519.SignatureBytes];
        forged[0] = 1;
        for (byte message = 0; message < 64; message++)
        {
            Assert.False(Ed25519.Verify(forged, [message], point));
        }
    }

    [Fact]
    public void A_key_with_a_part_of_small_order_or_off_the_curve_is_none()
    {
        // The first key of RFC 8032 and it plus the point of order four (sqrt(-1), 0). Plus the one of order two libsodium 1.0.18 itself takes it, without CVE-2025-69277's patch.
        byte[] good = Convert.FromHexString("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
        byte[] mixed = Convert.FromHexString("40c7570f4dd54835b9131184410ed4a0cc93e7d9ad053cbc6d07a62426999582");
        Assert.True(Ed25519.IsKey(good));
        Assert.False(Ed25519.IsKey(mixed));
        Assert.False(Ed25519.IsKey(good.AsSpan(0, 31)));
        Assert.False(Ed25519.IsKey([]));
        int keys = Enumerable.Range(2, 100).Count(first => Ed25519.IsKey([(byte)first, .. new byte[31]]));
        Assert.InRange(keys, 1, 60); // half are points, an eighth of these of the subgroup
    }

    [Theory]
    [MemberData(nameof(Rfc8032))]
    public void An_S_above_the_order_is_refused_and_so_is_every_flipped_bit(string seed, string key, string message, string signature)
    {
        Assert.NotEmpty(seed);
        byte[] text = Convert.FromHexString(message);
        byte[] point = Convert.FromHexString(key);
        byte[] good = Convert.FromHexString(signature);
        byte[] larger = (new BigInteger(good.AsSpan(32), isUnsigned: true) + Order).ToByteArray(isUnsigned: true);
        Array.Resize(ref larger, 32);
        Assert.False(Ed25519.Verify([.. good[..32], .. larger], text, point));
        for (int bit = 0; bit < good.Length * 8; bit++)
        {
            byte[] bent = [.. good];
            bent[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(Ed25519.Verify(bent, text, point));
        }

        Assert.False(Ed25519.Verify(good.AsSpan(0, 63), text, point));
        Assert.False(Ed25519.Verify([.. good, 0], text, point));
        Assert.False(Ed25519.Verify(good, text, point.AsSpan(0, 31)));
    }
}

using System.Diagnostics;
using System.Text;
using Deploy.Model.Jobs;
using Deploy.Security.Keys;
using Deploy.Security.Signatures;
using Deploy.Tests.Architecture;
using Deploy.Tests.EndToEnd.Packages;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.Security.Signatures;

/// <summary>docs/examples/signed-status.sh: what it would send is of the profile, and signed.</summary>
public class ExampleTests
{
    [ToolFact("sh", "openssl", "awk", "base64")]
    public void The_example_of_openssl_and_curl_signs_what_is_taken()
    {
        using var folder = new TempFolder();
        Run("openssl", "genpkey", "-algorithm", "ed25519", "-out", folder["key.pem"]);
        var (head, body) = Parse(Run("sh", Path.Combine(SourceTree.Root, "docs/examples/signed-status.sh"), "--print", folder["key.pem"], "web-001:3440", "pin", "web-001", "site"));

        // The public key's line, as docs/signing.md prints it.
        string blob = Run("sh", "-c", $"{{ printf '\\0\\0\\0\\013ssh-ed25519\\0\\0\\0\\040'; openssl pkey -in {folder["key.pem"]} -pubout -outform DER | tail -c 32; }} | base64 | tr -d '\\n'");
        Assert.True(SshPublicKey.TryParse($"ssh-ed25519 {blob} script", out var key, out string? why), why);
        Assert.True(UnverifiedSignature.TryRead(head, out var signature, out why), why);
        Assert.True(signature.TryVerify(key, out var verified, out why) && verified.Covers(body), why);

        Assert.Equal("/v1/jobs", head.Target);
        Assert.True(JobDocument.TryParse(body, out var document, out var problem), problem?.Detail);
        Assert.Equal(verified.Claims.Nonce, document.Spec.Id.ToString());
        Assert.Equal(verified.Claims.Expires, document.Spec.NotAfter);
    }

    [Fact]
    public void The_request_that_the_document_shows_is_one()
    {
        string text = File.ReadAllText(Path.Combine(SourceTree.Root, "docs/signing.md")).ReplaceLineEndings("\n");
        int start = text.IndexOf("    POST ", StringComparison.Ordinal);
        int end = text.IndexOf("by the key `", StringComparison.Ordinal);
        var (head, body) = Parse(text[start..end].Replace("\n    ", "\n", StringComparison.Ordinal).Trim());
        Assert.True(SshPublicKey.TryParse(text[end..].Split('`')[1], out var key, out string? why), why);
        Assert.True(UnverifiedSignature.TryRead(head, out var signature, out why), why);
        Assert.True(signature.TryVerify(key, out var verified, out why) && verified.Covers(body), why);
    }

    /// <summary>A request as it is sent, with LF alone.</summary>
    private static (RequestHead Head, byte[] Body) Parse(string request)
    {
        string[] parts = request.Split("\n\n");
        string[] lines = parts[0].Split('\n');
        string[] Field(string name) => [.. lines.Where(line => line.StartsWith(name + ": ", StringComparison.Ordinal)).Select(line => line[(name.Length + 2)..])];
        var head = new RequestHead
        {
            Method = lines[0].Trim().Split(' ')[0],
            Target = lines[0].Trim().Split(' ')[1],
            ContentType = Field("Content-Type"),
            ContentDigest = Field("Content-Digest"),
            SignatureInput = Field("Signature-Input"),
            Signature = Field("Signature"),
            HasBody = true,
        };
        return (head, Encoding.ASCII.GetBytes(parts[1]));
    }

    private static string Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        string output = process.StandardOutput.ReadToEnd();
        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(60)) && process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}");
        return output;
    }
}

using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.Json;
using Deploy.Model.Hosts;
using Deploy.Model.Jobs.Json;

namespace Deploy.Model.Jobs;

/// <summary>A job's document: the bytes as they were sent, which go on unchanged, and what they say.</summary>
internal sealed class JobDocument
{
    private JobDocument(ReadOnlyMemory<byte> bytes, JobSpec spec, FrozenHosts hosts) => (Bytes, Spec, Hosts) = (bytes, spec, hosts);

    /// <summary>As it was sent.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    public JobSpec Spec { get; }

    /// <summary>The hosts, for membership without expanding.</summary>
    public FrozenHosts Hosts { get; }

    /// <summary>SHA-256 of the bytes: two documents of one id are the same job where this is equal.</summary>
    public byte[] Digest() => SHA256.HashData(Bytes.Span);

    /// <summary>The document of a spec that is made here.</summary>
    /// <exception cref="ArgumentException">It is none that <see cref="TryParse"/> takes: a bug of the maker, or words of the user that were not checked.</exception>
    public static JobDocument Of(JobSpec spec) =>
        TryParse(JsonSerializer.SerializeToUtf8Bytes(spec, V1Json.Default.JobSpec), out var document, out var problem) ? document : throw new ArgumentException(problem.Detail);

    /// <summary>Reads and checks a document.</summary>
    /// <param name="bytes">The body of the request; kept.</param>
    /// <param name="document">What it says.</param>
    /// <param name="problem">Why it is refused.</param>
    public static bool TryParse(ReadOnlyMemory<byte> bytes, [NotNullWhen(true)] out JobDocument? document, [NotNullWhen(false)] out Problem? problem)
    {
        document = null;
        JobSpec? spec;
        try
        {
            spec = JsonSerializer.Deserialize(bytes.Span, V1Json.Default.JobSpec);
        }
        catch (JsonException e)
        {
            problem = new Problem(ProblemTypes.BadRequest, 400, "not a job", $"the body is no job document: {Text.SafeText.Of(e.Message)}");
            return false;
        }

        if (spec is null || !FrozenHosts.TryParse(spec.Hosts, out var hosts, out _))
        {
            problem = new Problem(ProblemTypes.Invalid, 422, "not a job that can be done", "hosts is no folded list of names");
            return false;
        }

        document = new JobDocument(bytes, spec, hosts);
        problem = null;
        return true;
    }
}

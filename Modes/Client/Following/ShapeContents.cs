using Deploy.Model.Jobs;
using Deploy.Modes.Client.Journal;
using Deploy.Output.Live;

namespace Deploy.Modes.Client.Following;

/// <summary>The contents of a job's shapes, as far as they came with events, else asked for; so much of them as a person reads.</summary>
internal static class ShapeContents
{
    private const long MostBytes = 256L * 1024 * 1024; // of one job; a command's output is 1 MiB at most

    /// <summary>By digest; what could not be had is missing.</summary>
    public static async Task<IReadOnlyDictionary<string, ShapeContent>> OfAsync(JobPlace place, JobPicture picture, IEnumerable<string> digests, CancellationToken cancellationToken)
    {
        var contents = new Dictionary<string, ShapeContent>(StringComparer.Ordinal);
        long bytes = 0;
        foreach (string digest in digests.Distinct(StringComparer.Ordinal))
        {
            try
            {
                if (bytes < MostBytes && (picture.Content(digest) ?? await place.Jobs.ShapeAsync(picture.Job.Id, digest, cancellationToken).ConfigureAwait(false)) is { } content)
                {
                    contents[digest] = content;
                    bytes += content.Bytes.Length;
                }
            }
            catch (IOException)
            {
                // It is said in its place; the states are known all the same.
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                break; // likewise
            }
        }

        return contents;
    }
}

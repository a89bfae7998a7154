using Deploy.Model;
using Microsoft.AspNetCore.Http;

namespace Deploy.Api;

/// <summary>Reads a request's body whole, within <see cref="Limits.BodyTime"/>.</summary>
internal static class RequestBody
{
    /// <exception cref="BadHttpRequestException">It is too large, too slow, or broke off.</exception>
    public static async Task<byte[]> ReadAsync(Stream body)
    {
        using var limit = new CancellationTokenSource(Limits.BodyTime);
        using var bytes = new MemoryStream();
        try
        {
            await body.CopyToAsync(bytes, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            throw new BadHttpRequestException($"its body was not whole within {Limits.BodyTime.TotalSeconds:0} s, {bytes.Length} bytes came", StatusCodes.Status408RequestTimeout);
        }

        return bytes.ToArray();
    }
}

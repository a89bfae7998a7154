using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;

namespace Deploy.Protocol.Sniffing;

/// <summary>Reads one part of a request, within a time for each next byte and a time for the whole of it.</summary>
/// <param name="input">The connection's.</param>
/// <param name="part">What is read, for messages: <c>its request's head</c>.</param>
/// <param name="nextByte">Longest wait for more.</param>
/// <param name="whole">Longest time for all of it, however steadily it trickles.</param>
internal sealed class PatientInput(PipeReader input, string part, TimeSpan nextByte, TimeSpan whole) : IDisposable
{
    private readonly CancellationTokenSource deadline = new(whole);

    /// <summary>All that has come and is not consumed, once there is more than before.</summary>
    /// <param name="examined">How much there was before, bytes.</param>
    public async Task<Piece> ReadAsync(long examined)
    {
        using var next = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token);
        next.CancelAfter(nextByte);
        try
        {
            var read = await input.ReadAsync(next.Token).ConfigureAwait(false);
            return new Piece(read.Buffer, null) { Ended = read.IsCompleted };
        }
        catch (OperationCanceledException)
        {
            return new Piece(default, new Closing(examined == 0
                ? $"nothing came within {nextByte.TotalSeconds:0.#} s"
                : $"{part} was not complete: {examined} bytes came, then waited {nextByte.TotalSeconds:0.#} s for the next (at most {whole.TotalSeconds:0} s for all)"));
        }
        catch (Exception e) when (e is IOException or ConnectionAbortedException)
        {
            return new Piece(default, new Closing(examined == 0 ? "the peer reset it" : $"the peer reset it after {examined} bytes, before {part} was complete") { Silent = examined == 0 });
        }
    }

    /// <summary>What to say where the peer closed its side before this part was complete.</summary>
    public Closing EndedEarly(long examined) =>
        new(examined == 0 ? "it closed without a word" : $"it closed after {examined} bytes, before {part} was complete") { Silent = examined == 0 };

    public void Dispose() => deadline.Dispose();

    /// <param name="Buffer">What has come; empty where nothing more will.</param>
    /// <param name="Closing">Why nothing more will come; null while it may.</param>
    internal readonly record struct Piece(ReadOnlySequence<byte> Buffer, Closing? Closing)
    {
        /// <summary>The peer has closed its side: this is all.</summary>
        public bool Ended { get; init; }
    }
}

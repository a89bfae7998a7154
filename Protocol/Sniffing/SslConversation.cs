using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.InteropServices;
using Deploy.Model;
using Deploy.Protocol.Ssl;
using Microsoft.AspNetCore.Connections;

namespace Deploy.Protocol.Sniffing;

/// <summary>
/// One connection of the original's ssl form, seen from the server: <c>WHO</c> answered, the request read whole and decrypted, served as a plain one,
/// the answer encrypted on its way out.
/// </summary>
/// <remarks>
/// Everything that is wrong with what the RSA key and the passphrase protect has one end: closed, with the same line in the log, after all of the
/// message has come, after the same work (<see cref="PrivateKey.OpenAsync"/>, <see cref="SaltedCipher.TryOpen"/>, <see cref="PlainRequest.Accept"/>), and
/// <see cref="FailureTime"/> after its last byte: what the class library does on its way to an error differs by some 40 µs. Where so many wait for the
/// RSA key that this time is over before, those 40 µs are left, in the noise of the others' work.
/// </remarks>
/// <param name="connection">The peer's; its first bytes are <c>aes:</c>, <c>ssl-length:</c> or <c>WHO</c>.</param>
/// <param name="key">The key in force when it came.</param>
/// <param name="nextByteTime">How long the next byte may take.</param>
internal sealed class SslConversation(ConnectionContext connection, PrivateKey key, TimeSpan nextByteTime)
{
    /// <summary>When a failure is told, counted from the message's last byte: the work takes 1 ms with a key of 2048 bits, 6 ms with 4096.</summary>
    private static readonly TimeSpan FailureTime = TimeSpan.FromMilliseconds(50);

    /// <summary>How long a peer may take for what is left of its answer when the server has written it all: two pipes of 64 KiB at the slowest rate, and the grace.</summary>
    private static readonly TimeSpan LastBytesTime = Limits.BodyGrace + TimeSpan.FromSeconds(2 * 64 * 1024 / Limits.AnswerBytesPerSecond);

    private static readonly Closing Undecipherable = new(
        "its ssl message cannot be decrypted, or is no whole request (most likely its public key belongs to another host's private key: give the client that of this host's ssl_private_key)");

    private readonly PipeReader input = connection.Transport.Input;
    private long behind; // bytes before what is read now: they stay in the pipe until the request is whole
    private PatientInput.Piece piece; // what was read last; of the pipe's bytes none is given back until the request is whole

    /// <summary>Serves it; <paramref name="http"/> is what serves plain HTTP. Why it is closed instead, or null.</summary>
    public async Task<Closing?> RunAsync(ConnectionDelegate http)
    {
        var (head, closing) = await ReadHeadAsync().ConfigureAwait(false);
        closing ??= await ReadMessageAsync(head!.Length).ConfigureAwait(false);
        if (closing is not null)
        {
            return closing;
        }

        var notBefore = Task.Delay(FailureTime); // begun before the work, so that it ends whenever the work does
        byte[] message = piece.Buffer.Slice(behind, head!.Length).ToArray();
        input.AdvanceTo(piece.Buffer.End); // what follows is nobody's
        var passphrase = await key.OpenAsync(head.Blob, CancellationToken.None).ConfigureAwait(false); // bounded: a millisecond for each that waits
        bool opened = SaltedCipher.TryOpen(passphrase, message, out var plain);
        bool accepted = PlainRequest.Accept(MemoryMarshal.AsMemory(plain).Span, out string version);
        if (!(opened & accepted))
        {
            await notBefore.ConfigureAwait(false);
            return Undecipherable;
        }

        connection.Features.Set(new SentVersion(version) { Encrypted = true });
        await ServeAsync(plain, passphrase, http).ConfigureAwait(false);
        return null;
    }

    /// <summary>Reads until the head is whole; the message, or a part of it, may have come with it.</summary>
    private async Task<(SslRequest? Head, Closing? Closing)> ReadHeadAsync()
    {
        using var patient = new PatientInput(input, "its ssl head", nextByteTime, Limits.HeadTime);
        for (bool asked = false; ;)
        {
            long before = piece.Buffer.Length;
            piece = await patient.ReadAsync(before).ConfigureAwait(false);
            if (piece.Closing is { } closing)
            {
                return (null, closing with { Silent = closing.Silent || (asked && before == behind) }); // only asked what this port speaks
            }

            while (StartsWithLine(piece.Buffer.Slice(behind), asked ? ""u8 : "WHO"u8, out long length))
            {
                behind += length;
                if (!asked)
                {
                    asked = true;
                    await connection.Transport.Output.WriteAsync("DEPLOY-SSL\r\n"u8.ToArray(), CancellationToken.None).ConfigureAwait(false);
                }
            }

            if (SslRequest.ReadHead(piece.Buffer.Slice(behind), out string? problem) is { } head)
            {
                behind += head.HeadBytes;
                return (head, null);
            }

            problem ??= behind > SslRequest.MaxHeadBytes ? "nothing but empty lines came" : null;
            if (problem is not null || piece.Ended)
            {
                long came = piece.Buffer.Length;
                var early = patient.EndedEarly(came);
                input.AdvanceTo(piece.Buffer.End);
                return (null, problem is not null ? new Closing(problem) : early with { Silent = early.Silent || (asked && came == behind) });
            }

            ReadOn();
        }
    }

    /// <summary>Reads until so many bytes of the message have come.</summary>
    private async Task<Closing?> ReadMessageAsync(int length)
    {
        using var patient = new PatientInput(input, $"its ssl message of {length} bytes", nextByteTime, Limits.BodyTime);
        while (piece.Buffer.Length < behind + length)
        {
            long before = piece.Buffer.Length;
            if (piece.Ended)
            {
                input.AdvanceTo(piece.Buffer.End);
                return patient.EndedEarly(before);
            }

            ReadOn();
            piece = await patient.ReadAsync(before).ConfigureAwait(false);
            if (piece.Closing is not null)
            {
                return piece.Closing;
            }
        }

        return null;
    }

    private void ReadOn() => input.AdvanceTo(piece.Buffer.Start, piece.Buffer.End);

    /// <summary>Has the plain request served as if it had come so, and encrypts the answer; ends when both have.</summary>
    private async Task ServeAsync(ReadOnlyMemory<byte> plain, Passphrase passphrase, ConnectionDelegate http)
    {
        // The request's end is not told before the answer is out, or the server would take the peer for gone; and all of it is written at once, so no bound may pause that.
        var request = new Pipe(new PipeOptions(pauseWriterThreshold: 0, useSynchronizationContext: false));
        var answer = new Pipe(new PipeOptions(useSynchronizationContext: false));
        await request.Writer.WriteAsync(plain, CancellationToken.None).ConfigureAwait(false);
        var sealing = SealAsync(request.Writer, answer.Reader, passphrase);
        try
        {
            await http(new RelayedConnection(connection, request.Reader, answer.Writer)).ConfigureAwait(false);
        }
        finally
        {
            await answer.Writer.CompleteAsync().ConfigureAwait(false);
            await Task.WhenAny(sealing, Task.Delay(LastBytesTime)).ConfigureAwait(false);
            if (!sealing.IsCompleted)
            {
                connection.Abort(new ConnectionAbortedException("the peer does not read its answer's end"));
            }

            await sealing.ConfigureAwait(false);
        }
    }

    private async Task SealAsync(PipeWriter request, PipeReader answer, Passphrase passphrase)
    {
        try
        {
            await SealedAnswer.PumpAsync(answer, passphrase, connection.Transport.Output).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or ConnectionAbortedException or OperationCanceledException)
        {
            // The peer left: there is nobody to answer.
        }
        finally
        {
            await answer.CompleteAsync().ConfigureAwait(false);
            await request.CompleteAsync().ConfigureAwait(false);
        }
    }

    /// <summary>True where the first line is this one; <paramref name="length"/> is its length with its end.</summary>
    private static bool StartsWithLine(ReadOnlySequence<byte> bytes, ReadOnlySpan<byte> line, out long length)
    {
        var reader = new SequenceReader<byte>(bytes);
        bool same = reader.IsNext(line, advancePast: true);
        reader.IsNext((byte)'\r', advancePast: true);
        same = same && reader.IsNext((byte)'\n', advancePast: true);
        length = reader.Consumed;
        return same;
    }
}

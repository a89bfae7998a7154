using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Runtime.InteropServices;
using Deploy.Logs;
using Deploy.Model;
using Microsoft.AspNetCore.Connections;

namespace Deploy.Protocol.Sniffing;

/// <summary>
/// The one connection middleware: looks at the first bytes of a connection and decides which form it speaks. Plain HTTP goes on to Kestrel;
/// TLS and the original's ssl form are closed with a log line until their handlers come here.
/// </summary>
/// <param name="isAllowed">The address list; asked before anything is read.</param>
/// <param name="refusal">What a plain peer of this address gets that is not in the list, whole, status line to body.</param>
/// <param name="nextByteTime">How long the next byte of a head may take (the original's socket_timeout).</param>
/// <param name="log">One line for each connection that is closed here.</param>
internal sealed class ConnectionSniffer(
    Func<IPAddress, CancellationToken, ValueTask<bool>> isAllowed, Func<IPAddress, ReadOnlyMemory<byte>> refusal, Func<TimeSpan> nextByteTime, ILog log)
{
    /// <summary>How long a peer that is not in the list may hold a descriptor.</summary>
    private static readonly TimeSpan RefusedTime = TimeSpan.FromSeconds(1);

    /// <summary>Runs one connection; <paramref name="http"/> is what serves plain HTTP.</summary>
    public async Task RunAsync(ConnectionContext connection, ConnectionDelegate http)
    {
        string peer = Peer(connection);
        bool allowed = connection.RemoteEndPoint is IPEndPoint { Address: var address }
            && await isAllowed(address, connection.ConnectionClosed).ConfigureAwait(false);
        var outcome = await SniffAsync(connection.Transport.Input, allowed).ConfigureAwait(false);
        if (outcome.Problem is { } problem)
        {
            // A port scan or a health check that connects and leaves is no news.
            log.Write(outcome.Silent ? LogLevel.Debug : LogLevel.Notice, $"connection from {peer} closed: {problem}");
            connection.Abort(new ConnectionAbortedException(problem));
        }
        else if (!allowed)
        {
            log.Notice($"{peer} refused: not in the allow list of hosts");
            var from = (connection.RemoteEndPoint as IPEndPoint)?.Address ?? IPAddress.None;
            var answer = refusal(from);
            await RefuseAsync(connection, answer).ConfigureAwait(false);
            log.Write(new AccessEntry(from, "-", "-", "-") { Status = 403, BytesSent = answer.Length }); // nothing of it was read
        }
        else
        {
            if (outcome.SentVersion is { } sent)
            {
                connection.Features.Set(sent);
            }

            await http(new HalfCloseConnection(connection)).ConfigureAwait(false);
        }
    }

    /// <summary>The peer's address and port, for messages.</summary>
    public static string Peer(ConnectionContext connection) => connection.RemoteEndPoint?.ToString() ?? "an unknown peer";

    private async Task<Outcome> SniffAsync(PipeReader input, bool allowed)
    {
        using var wholeHead = new CancellationTokenSource(Limits.HeadTime);
        var patience = allowed ? nextByteTime() : RefusedTime;
        long examined = 0;
        while (true)
        {
            using var nextByte = CancellationTokenSource.CreateLinkedTokenSource(wholeHead.Token);
            nextByte.CancelAfter(patience);
            ReadResult read;
            try
            {
                read = await input.ReadAsync(nextByte.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return new Outcome(examined == 0
                    ? $"nothing came within {patience.TotalSeconds:0.#} s"
                    : $"its request's head was not complete: {examined} bytes came, then waited {patience.TotalSeconds:0.#} s for the next (whole head {Limits.HeadTime.TotalSeconds:0} s)");
            }
            catch (Exception e) when (e is IOException or ConnectionAbortedException)
            {
                return new Outcome(examined == 0 ? "the peer reset it" : $"the peer reset it after {examined} bytes, before its request's head was complete") { Silent = examined == 0 };
            }

            var buffer = read.Buffer;
            var speech = FirstBytes.Tell(buffer);
            var head = speech == Speech.Http ? FirstBytes.ReadHead(buffer) : default;
            if (speech == Speech.Http && (head.Complete || !allowed))
            {
                bool isRewritten = head is { Complete: true, HasHost: false, MinorVersionAt: >= 0 };
                if (isRewritten)
                {
                    WithoutHost(buffer.Slice(head.MinorVersionAt, 1));
                }

                // Examined must not reach the end, or the next reader waits for bytes that have come already; nor may it go back.
                input.AdvanceTo(buffer.Start, buffer.GetPosition(examined));
                return new Outcome(null) { SentVersion = isRewritten ? new SentVersion("HTTP/1.1") : null };
            }

            examined = buffer.Length;
            input.AdvanceTo(buffer.Start, buffer.End);
            if (speech is Speech.Tls or Speech.LegacySsl)
            {
                return new Outcome(speech == Speech.Tls
                    ? "it speaks TLS, this port speaks the plain form (protocol mismatch)"
                    : "it speaks the ssl form, this port speaks the plain form (protocol mismatch; set the same ssl on both sides)");
            }

            if (read.IsCompleted)
            {
                return new Outcome(examined == 0 ? "it closed without a word" : $"it closed after {examined} bytes, before its request's head was complete") { Silent = examined == 0 };
            }

            if (examined > Limits.HeadBytes)
            {
                return new Outcome($"its request's head is over {Limits.HeadBytes} bytes");
            }
        }
    }

    /// <summary>HTTP/1.1 asks for a Host, which the original's client never sends: as HTTP/1.0 the same request is whole, and is answered with a close.</summary>
    private static void WithoutHost(ReadOnlySequence<byte> minorVersion)
    {
        foreach (var memory in minorVersion)
        {
            if (!memory.IsEmpty) // the place may begin with the empty end of a segment
            {
                MemoryMarshal.AsMemory(memory).Span[0] = (byte)'0';
            }
        }
    }

    /// <summary>Answers without parsing: the fixed refusal, our end closed, the peer's bytes read away for a moment so that no reset eats the answer.</summary>
    private static async Task RefuseAsync(ConnectionContext connection, ReadOnlyMemory<byte> answer)
    {
        using var patience = new CancellationTokenSource(RefusedTime);
        try
        {
            await connection.Transport.Output.WriteAsync(answer, patience.Token).ConfigureAwait(false);
            await connection.Transport.Output.CompleteAsync().ConfigureAwait(false);
            for (long drained = 0; drained < Limits.HeadBytes;)
            {
                var read = await connection.Transport.Input.ReadAsync(patience.Token).ConfigureAwait(false);
                drained += read.Buffer.Length;
                connection.Transport.Input.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted)
                {
                    break;
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or ConnectionAbortedException)
        {
            // The peer kept us waiting or left: either way there is nothing more to say to it.
        }
    }

    private readonly record struct Outcome(string? Problem)
    {
        /// <summary>Not worth a line at the usual level.</summary>
        public bool Silent { get; init; }

        /// <summary>What the request said before it was rewritten; null where it was not.</summary>
        public SentVersion? SentVersion { get; init; }
    }
}

using System.Buffers;
using System.Net;
using System.Net.Security;
using System.Runtime.InteropServices;
using Deploy.Logs;
using Deploy.Model;
using Deploy.Protocol.Ssl;
using Microsoft.AspNetCore.Connections;

namespace Deploy.Protocol.Sniffing;

/// <summary>
/// The one connection middleware: looks at the first bytes of a connection and decides which form it speaks. Plain HTTP goes on to Kestrel;
/// TLS to <see cref="TlsConversation"/> and the original's ssl form to <see cref="SslConversation"/> where the daemon has a key for it. What a port does not speak is closed with a log line.
/// </summary>
/// <param name="isAllowed">Whose orders of the original's wire are taken; asked before anything is read.</param>
/// <param name="refusal">What a plain peer of this address gets that is not in the list, whole, status line to body.</param>
/// <param name="nextByteTime">How long the next byte of a head may take (the original's socket_timeout).</param>
/// <param name="log">One line for each connection that is closed here.</param>
internal sealed class ConnectionSniffer(
    Func<IPAddress, CancellationToken, ValueTask<bool>> isAllowed, Func<IPAddress, ReadOnlyMemory<byte>> refusal, Func<TimeSpan> nextByteTime, ILog log)
{
    /// <summary>How long a peer that is not in the list may hold a descriptor.</summary>
    private static readonly TimeSpan RefusedTime = TimeSpan.FromSeconds(1);

    /// <summary>The private key of a daemon that speaks the ssl form alone, as it is in force; null from one that speaks the plain form alone.</summary>
    public Func<PrivateKey?> SslKey { get; init; } = () => null;

    /// <summary>Key and certificate of a daemon that speaks TLS, as they are in force; null from one that does not.</summary>
    public Func<SslStreamCertificateContext?> HostKey { get; init; } = () => null;

    /// <summary>Which peers may speak TLS, by their address; asked before anything is read.</summary>
    public Func<IPAddress, CancellationToken, ValueTask<bool>> MayTls { get; init; } = (_, _) => ValueTask.FromResult(false);

    /// <summary>Which peers may ask for v1 without TLS, in the list or not; nobody where it is not served.</summary>
    public Func<IPAddress, bool> IsV1Peer { get; init; } = _ => false;

    /// <summary>False for an address that connects too often: its connection is closed, and whoever decides says so.</summary>
    public Func<IPAddress, bool> IsInRate { get; init; } = _ => true;

    /// <summary>Runs one connection; <paramref name="http"/> is what serves plain HTTP.</summary>
    public async Task RunAsync(ConnectionContext connection, ConnectionDelegate http)
    {
        string peer = Peer(connection);
        var address = (connection.RemoteEndPoint as IPEndPoint)?.Address;
        var (key, hostKey) = (SslKey(), HostKey());
        var may = new May
        {
            Orders = address is not null && await isAllowed(address, connection.ConnectionClosed).ConfigureAwait(false),
            Tls = address is not null && hostKey is not null && await MayTls(address, connection.ConnectionClosed).ConfigureAwait(false),
            V1 = address is not null && IsV1Peer(address),
        };
        if (!may.Orders && !may.Tls && key is not null)
        {
            Refuse(connection);
            return; // no answer without the passphrase, and no RSA for strangers
        }

        if (connection.RemoteEndPoint is IPEndPoint { Address: var often } && !IsInRate(often))
        {
            return;
        }

        var (speech, closing) = await SniffAsync(connection, may, key is not null, hostKey is not null).ConfigureAwait(false);
        if (closing is null && speech == Speech.Tls && may.Tls)
        {
            closing = await new TlsConversation(connection, hostKey!).RunAsync(http).ConfigureAwait(false);
        }
        else if (closing is null && speech != Speech.Http && !may.Orders)
        {
            Refuse(connection); // not a byte to whoever is not in the list
        }
        else if (closing is null && key is not null)
        {
            closing = await new SslConversation(connection, key, nextByteTime()).RunAsync(http).ConfigureAwait(false);
        }
        else if (closing is null && !may.Orders && connection.Features.Get<V1Alone>() is null)
        {
            await RefuseAsync(connection, refusal(address ?? IPAddress.None)).ConfigureAwait(false);
        }
        else if (closing is null)
        {
            await http(new HalfCloseConnection(connection)).ConfigureAwait(false);
        }

        if (closing is not null)
        {
            // Closed, not reset, once this returns: a client of the original's takes a reset for a network that failed.
            log.Write(closing.Silent ? LogLevel.Debug : LogLevel.Notice, address, $"connection from {peer} closed: {closing.Problem}");
        }
    }

    /// <summary>The peer's address and port, for messages.</summary>
    public static string Peer(ConnectionContext connection) => connection.RemoteEndPoint?.ToString() ?? "an unknown peer";

    /// <summary>Says that a peer is not in the list: nothing of its request was read.</summary>
    private void Refuse(ConnectionContext connection, int bytesSent = 0)
    {
        var address = (connection.RemoteEndPoint as IPEndPoint)?.Address;
        log.Write(LogLevel.Notice, address, $"{Peer(connection)} refused: not in the allow list of hosts");
        log.Write(new AccessEntry(address ?? IPAddress.None, "-", "-", "-") { Status = 403, BytesSent = bytesSent });
    }

    /// <summary>What the connection speaks, where that is what it may or what it is refused for; nothing of it is consumed then. Else why it is closed.</summary>
    private async Task<(Speech Speech, Closing? Closing)> SniffAsync(ConnectionContext connection, May may, bool ssl, bool tls)
    {
        var input = connection.Transport.Input;
        bool allowed = may.Orders;
        using var patient = new PatientInput(input, "its request's head", allowed || may.Tls ? nextByteTime() : RefusedTime, Limits.HeadTime);
        long examined = 0;
        while (true)
        {
            var piece = await patient.ReadAsync(examined).ConfigureAwait(false);
            if (piece.Closing is { } closing)
            {
                return (Speech.Unknown, closing);
            }

            var buffer = piece.Buffer;
            var speech = FirstBytes.Tell(buffer);
            var head = speech == Speech.Http && !ssl ? FirstBytes.ReadHead(buffer) : default;
            bool? v1 = speech == Speech.Http && !allowed && may.V1 ? FirstBytes.IsV1(buffer) : false;
            if (speech == Speech.Tls && tls)
            {
                input.AdvanceTo(buffer.Start, buffer.GetPosition(examined));
                return (speech, null);
            }

            if (ssl ? speech == Speech.LegacySsl : speech == Speech.Http && (head.Complete || (!allowed && v1 == false)))
            {
                if (v1 == true)
                {
                    connection.Features.Set(new V1Alone());
                }

                if (head is { Complete: true, HasHost: false, MinorVersionAt: >= 0 })
                {
                    connection.Features.Set(new SentVersion("HTTP/1.1"));
                    WithoutHost(buffer.Slice(head.MinorVersionAt, 1));
                }

                // Examined must not reach the end, or the next reader waits for bytes that have come already; nor may it go back.
                input.AdvanceTo(buffer.Start, buffer.GetPosition(examined));
                return (speech, null);
            }

            examined = buffer.Length;
            input.AdvanceTo(buffer.Start, buffer.End);
            if (speech is Speech.Tls or Speech.LegacySsl || (ssl && speech == Speech.Http))
            {
                return (speech, Mismatch(speech, ssl));
            }

            if (piece.Ended)
            {
                return (speech, patient.EndedEarly(examined));
            }

            if (examined > Limits.HeadBytes)
            {
                return (speech, new Closing($"its request's head is over {Limits.HeadBytes} bytes"));
            }
        }
    }

    private static Closing Mismatch(Speech speech, bool ssl) => new((speech, ssl) switch
    {
        (Speech.Tls, true) => "it speaks TLS, this port speaks the original's ssl form, which is not TLS (protocol mismatch)",
        (Speech.Tls, false) => "it speaks TLS, this port speaks the plain form (protocol mismatch)",
        (_, true) => "it speaks the plain form, this port speaks the ssl form (protocol mismatch; give that client the public key of this host, --ssl-public-key FILE, or set ssl = false here)",
        _ => "it speaks the ssl form, this port speaks the plain form (protocol mismatch; set ssl = true and ssl_private_key here, or take the client's --ssl-public-key away)",
    });

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
    private async Task RefuseAsync(ConnectionContext connection, ReadOnlyMemory<byte> answer)
    {
        Refuse(connection, answer.Length);
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

    /// <summary>What a peer may, by its address.</summary>
    private readonly record struct May
    {
        /// <summary>Give orders of the original's wire.</summary>
        public bool Orders { get; init; }

        /// <summary>Speak TLS.</summary>
        public bool Tls { get; init; }

        /// <summary>Ask for v1 without TLS.</summary>
        public bool V1 { get; init; }
    }
}

using System.IO.Pipelines;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Deploy.Model;
using Deploy.Model.Text;
using Microsoft.AspNetCore.Connections;

namespace Deploy.Protocol.Sniffing;

/// <summary>One connection that speaks TLS, seen from the server: the handshake within its time, HTTP inside of it, and an end that the peer can tell from a cut.</summary>
/// <param name="connection">The peer's; its first bytes are those of a handshake.</param>
/// <param name="hostKey">Key and certificate in force when it came.</param>
internal sealed class TlsConversation(ConnectionContext connection, SslStreamCertificateContext hostKey)
{
    private const int PieceBytes = 16 * 1024; // a TLS record's most, RFC 8446 5.1
    private const int LeastRoom = 1024;

    /// <summary>Serves it; <paramref name="http"/> is what serves plain HTTP. Why it is closed instead, or null.</summary>
    public async Task<Closing?> RunAsync(ConnectionDelegate http)
    {
        var ssl = new SslStream(new DuplexStream(connection.Transport.Input, connection.Transport.Output), leaveInnerStreamOpen: true);
        await using (ssl.ConfigureAwait(false))
        {
            if (await ShakeHandsAsync(ssl).ConfigureAwait(false) is { } closing)
            {
                return closing;
            }

            // No buffer while nothing comes: an idle connection costs what OpenSSL has of it, and no more.
            var reader = PipeReader.Create(ssl, new StreamPipeReaderOptions(bufferSize: PieceBytes, minimumReadSize: LeastRoom, leaveOpen: true, useZeroByteReads: true));
            var writer = PipeWriter.Create(ssl, new StreamPipeWriterOptions(leaveOpen: true));
            connection.Features.Set(new SecureChannel());
            connection.Features.Set(new V1Alone()); // the original's wire never came by TLS
            try
            {
                await http(new HalfCloseConnection(new RelayedConnection(connection, reader, writer))).ConfigureAwait(false);
            }
            finally
            {
                await EndAsync(ssl, reader, writer).ConfigureAwait(false);
            }

            return null;
        }
    }

    private async Task<Closing?> ShakeHandsAsync(SslStream ssl)
    {
        var options = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = hostKey,
            EnabledSslProtocols = SslProtocols.Tls13,
            ApplicationProtocols = [SslApplicationProtocol.Http11],
            ClientCertificateRequired = false,
            AllowRenegotiation = false,
            AllowTlsResume = true, // no client of ours resumes; without it every connection makes an SSL_CTX of its own, 0.3 ms of processor time
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            EncryptionPolicy = EncryptionPolicy.RequireEncryption,
        };
        using var patience = new CancellationTokenSource(Limits.HandshakeTime);
        try
        {
            await ssl.AuthenticateAsServerAsync(options, patience.Token).ConfigureAwait(false);
            return null;
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            return new Closing($"its TLS handshake was not complete within {Limits.HandshakeTime.TotalSeconds:0} s");
        }
        catch (AuthenticationException error)
        {
            return new Closing($"its TLS handshake failed, this port takes TLS 1.3 with HTTP/1.1 alone: {SafeText.Of(error.GetBaseException().Message, 200)}");
        }
        catch (Exception error) when (error is IOException or ConnectionAbortedException)
        {
            return new Closing("it left within its TLS handshake");
        }
    }

    /// <summary>What is written goes out, then the word that this was all (close_notify, RFC 8446 6.1).</summary>
    private static async Task EndAsync(SslStream ssl, PipeReader reader, PipeWriter writer)
    {
        try
        {
            await Task.WhenAll(writer.CompleteAsync().AsTask(), reader.CompleteAsync().AsTask()).WaitAsync(Limits.ChannelEndTime).ConfigureAwait(false);
            await ssl.ShutdownAsync().WaitAsync(Limits.ChannelEndTime).ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or ConnectionAbortedException or TimeoutException or InvalidOperationException or OperationCanceledException)
        {
            // The peer left, or does not read: there is nobody to tell.
        }
    }
}

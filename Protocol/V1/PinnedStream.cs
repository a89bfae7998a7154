using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Deploy.Model.Text;

namespace Deploy.Protocol.V1;

/// <summary>TLS 1.3, seen from the client, where the peer's key is all that is checked: no authority, no name, no date. Nothing is sent before it is.</summary>
internal static class PinnedStream
{
    /// <summary>Shakes hands.</summary>
    /// <param name="connection">The connection; closed with what is returned, the caller's where this throws.</param>
    /// <param name="peer">For messages.</param>
    /// <param name="mistake">Judges the certificate that the peer shows: null takes it.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="V1Failure">It shows another key (<see cref="V1Failure.IsOtherKey"/>), or does not speak TLS. Nothing was sent.</exception>
    public static async Task<Stream> WrapAsync(Stream connection, V1Peer peer, Func<X509Certificate2, string?> mistake, TimeProvider time, CancellationToken cancellationToken)
    {
        string? why = null;
        bool isRight = false;
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = string.Empty,
            EnabledSslProtocols = SslProtocols.Tls13,
            ApplicationProtocols = [SslApplicationProtocol.Http11],
            EncryptionPolicy = EncryptionPolicy.RequireEncryption,
            AllowRenegotiation = false,
            AllowTlsResume = true, // without a name to keep it by (TargetHost) no session is ever resumed: each connection shows its key; without this each makes an SSL_CTX of its own, 0.3 ms
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,

            // No roots: loading those of the system takes 50 ms, and none of them counts.
            CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true },
            RemoteCertificateValidationCallback = (_, shown, _, _) => isRight = shown is X509Certificate2 certificate && (why = mistake(certificate)) is null,
        };
        using var limit = new CancellationTokenSource(V1Limits.ConnectTime, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        var ssl = new SslStream(connection, leaveInnerStreamOpen: false);
        try
        {
            await ssl.AuthenticateAsClientAsync(options, either.Token).ConfigureAwait(false);
            return isRight ? ssl : throw new AuthenticationException("it showed no key");
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested && error is AuthenticationException or IOException or OperationCanceledException)
        {
            await ssl.DisposeAsync().ConfigureAwait(false);
            throw why is not null ? new V1Failure(V1Fault.NotReached, peer, why) { IsOtherKey = true }
                : new V1Failure(V1Fault.NotReached, peer, error switch
                {
                    OperationCanceledException => $"connected, and then no TLS within {V1Limits.ConnectTime.TotalSeconds:0} s",
                    AuthenticationException => $"no TLS 1.3 with it: {SafeText.Of(error.GetBaseException().Message, V1Answer.TextLength)}; is it a deploy daemon with a host key?",
                    _ => "it closed the connection within the TLS handshake: is this machine among the [allow] hosts there, has it a host key, and has our address too many connections there? Its log says why",
                });
        }
        catch
        {
            await ssl.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}

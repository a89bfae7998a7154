using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Model.Jobs.Json;
using Deploy.Model.Text;

namespace Deploy.Protocol.V1;

/// <summary>
/// HTTP/1.1 to v1 daemons, within TLS to those whose key is known (<see cref="V1Secure"/>), one object for all of them: no proxy of the environment, no cookies, no redirects. It knows for certain whether anything was sent: a request whose body was not asked
/// for had no connection.
/// </summary>
internal sealed class V1Wire : IDisposable
{
    private const int HeadKilobytes = 32;

    /// <summary>Shorter than a daemon's patience with a connection that is idle (<see cref="Limits.HeadTime"/>), so that none is used which it is about to close; long enough that the next order finds it, since a new one costs a handshake.</summary>
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(10);

    private static readonly HttpRequestOptionsKey<Target> TargetKey = new("target");

    private readonly TimeProvider time;
    private readonly Dialing dialing;
    private readonly V1Secure? secure;
    private readonly HttpMessageInvoker invoker;

    /// <param name="time">The clock.</param>
    /// <param name="names">Looks names up; null for one of its own.</param>
    /// <param name="secure">Null knows nobody's key: it asks daemons on loopback alone.</param>
    /// <param name="idle">How long a connection is kept that nobody uses; null is 10 s. What is asked again and again, and changes nothing, may keep it longer: one that the daemon closes meanwhile costs a new one.</param>
    public V1Wire(TimeProvider time, HostNames? names = null, V1Secure? secure = null, TimeSpan? idle = null)
    {
        this.time = time;
        this.secure = secure;
        dialing = new Dialing(time, names ?? new HostNames());
        invoker = new HttpMessageInvoker(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null,
            MaxResponseHeadersLength = HeadKilobytes,
            MaxResponseDrainSize = 0,
            PooledConnectionIdleTimeout = idle ?? IdleTime,
            ConnectCallback = ConnectAsync,
        });
    }

    /// <summary>Sends a request and waits for the answer's head.</summary>
    /// <param name="peer">To whom.</param>
    /// <param name="request">What.</param>
    /// <param name="silence">The longest wait for the head, where the request has none of its own, and for each next byte behind it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="V1Failure">There is none.</exception>
    /// <exception cref="V1Cancelled">The caller gave up.</exception>
    public async Task<V1Answer> SendAsync(V1Peer peer, V1Request request, TimeSpan silence, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(request.HeadTime ?? silence, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        using var body = request.Body is { } bytes ? new V1Body(bytes) : null;
        bool Sent() => body?.HasLeft ?? true; // a request without a body starts nothing
        var target = new Target(peer, secure?.KeyOf(peer));
        using var message = Message(target, request, body);
        try
        {
            // What is signed goes to a key that is known, or it could be read by whoever has the port.
            Add(message, target.Key is null ? null : request.Proof ?? (secure?.Sign is { } sign ? await sign(request, message.RequestUri!.PathAndQuery, either.Token).ConfigureAwait(false) : null));
            return new V1Answer(peer, await invoker.SendAsync(message, either.Token).ConfigureAwait(false), silence, time) { Trust = target.Key is null ? secure?.HowToTrust(peer) : null };
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw new V1Cancelled(Sent(), cancellationToken);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            throw new V1Failure(body is { HasLeft: false } ? V1Fault.NotReached : V1Fault.Lost, peer, $"no answer within {(request.HeadTime ?? silence).TotalSeconds:0.###} s");
        }
        catch (HttpRequestException error)
        {
            throw Failure(peer, error, body);
        }
        catch (UserError error)
        {
            throw new V1Failure(V1Fault.NotReached, peer, $"not asked, since nothing can be signed: {error.Message}");
        }
    }

    /// <summary>Whether a request to this peer is signed where it is not yet.</summary>
    public bool Signs(V1Peer peer) => secure?.Sign is not null && secure.KeyOf(peer) is not null;

    public void Dispose() => invoker.Dispose();

    private static HttpRequestMessage Message(Target target, V1Request request, V1Body? body)
    {
        var peer = target.Peer;
        try
        {
            var at = peer.At(request.Path);
            var message = new HttpRequestMessage(request.Method, target.Pooled(at)) { Version = HttpVersion.Version11, VersionPolicy = HttpVersionPolicy.RequestVersionExact, Content = body };
            message.Options.Set(TargetKey, target);
            message.Headers.Host = at.Authority;
            message.Headers.TryAddWithoutValidation("Accept", request.Accept);
            message.Headers.ConnectionClose = request.IsLast && target.Key is null ? true : null; // a new one is cheap, but for a handshake
            Add(message, V1Names.HostHeader, request.AsHost);
            Add(message, V1Names.ByHeader, request.By);

            return message;
        }
        catch (UriFormatException)
        {
            throw new V1Failure(V1Fault.NotReached, peer, $"'{SafeText.Of(peer.Host)}' is no name that can be asked: see its address in the configuration");
        }
    }

    private static void Add(HttpRequestMessage message, RequestProof? proof)
    {
        Add(message, "Signature-Input", proof?.SignatureInput); // RFC 9421 4.1
        Add(message, "Signature", proof?.Signature);            // RFC 9421 4.2
        Add(message, "Content-Digest", proof?.ContentDigest);   // RFC 9530 2
    }

    private static void Add(HttpRequestMessage message, string name, string? value)
    {
        if (value is not null)
        {
            message.Headers.TryAddWithoutValidation(name, value);
        }
    }

    /// <summary>What the failure means; the connection's own is told by its socket's error.</summary>
    private static V1Failure Failure(V1Peer peer, HttpRequestException error, V1Body? body)
    {
        for (Exception? inner = error; inner is not null; inner = inner.InnerException)
        {
            if (inner is V1Failure own)
            {
                return own; // out of the making of the connection
            }
        }

        string why = error.GetBaseException() is SocketException socket ? Dialing.Words(socket.SocketErrorCode) : SafeText.Of(error.GetBaseException().Message, V1Answer.TextLength);
        bool nothing = body is { HasLeft: false } || error.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError;
        bool broken = error.HttpRequestError is HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded;
        return nothing ? new V1Failure(V1Fault.NotReached, peer, $"can't connect: {why}")
            : broken ? new V1Failure(V1Fault.Broken, peer, $"its answer is not HTTP as v1 has it: {why}")
            : new V1Failure(V1Fault.Lost, peer, $"the connection broke before an answer came: {why}");
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        context.InitialRequestMessage.Options.TryGetValue(TargetKey, out var target);
        var (peer, key) = target!;
        Socket socket;
        try
        {
            socket = await dialing.ConnectAsync(peer.Host, peer.Port, V1Limits.ConnectTime, TimeSpan.MaxValue, cancellationToken).ConfigureAwait(false);
        }
        catch (SocketException error)
        {
            throw new V1Failure(V1Fault.NotReached, peer, $"can't connect: {Dialing.Words(error.SocketErrorCode)}");
        }

        var stream = new NetworkStream(socket, ownsSocket: true);
        try
        {
            return key is not null ? await PinnedStream.WrapAsync(stream, peer, key.Mistake, time, cancellationToken).ConfigureAwait(false)
                : IPAddress.IsLoopback(((IPEndPoint)socket.RemoteEndPoint!).Address) ? stream
                : throw new V1Failure(V1Fault.NotReached, peer, $"not asked: its key is not known, and it is not on this machine{(secure is null ? string.Empty : "; " + secure.HowToTrust(peer))}");
        }
        catch
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Whom a request goes to.</summary>
    /// <param name="Peer">The daemon.</param>
    /// <param name="Key">The key that it must have; null speaks plainly.</param>
    private sealed record Target(V1Peer Peer, V1PeerKey? Key)
    {
        /// <summary>The address by which connections are kept: of a known key one of its own, so that none is used whose peer showed another. Nobody looks that name up.</summary>
        public Uri Pooled(Uri at)
        {
            if (Key is null)
            {
                return at;
            }

            byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{at.Authority}\n{Key.Id}"));
            return new UriBuilder(at) { Host = $"{Convert.ToHexStringLower(hash.AsSpan(0, 16))}.invalid" }.Uri; // RFC 2606 2
        }
    }
}

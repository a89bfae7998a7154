using System.Net.Sockets;
using Deploy.Model;
using Deploy.Model.Text;
using Deploy.Security.Sodium;

namespace Deploy.Security.Keys;

/// <summary>A client of an ssh-agent (draft-ietf-sshm-ssh-agent): lists keys and has it sign. Each request has a connection of its own.</summary>
/// <remarks>A message: 4 bytes of length, high byte first; a byte that says which; what belongs to it.</remarks>
/// <param name="socketPath">What $SSH_AUTH_SOCK says.</param>
internal sealed class SshAgent(string socketPath)
{
    private const byte Failure = 5; // SSH_AGENT_FAILURE
    private const byte RequestIdentities = 11; // SSH_AGENTC_REQUEST_IDENTITIES
    private const byte IdentitiesAnswer = 12; // SSH_AGENT_IDENTITIES_ANSWER
    private const byte SignRequest = 13; // SSH_AGENTC_SIGN_REQUEST
    private const byte SignResponse = 14; // SSH_AGENT_SIGN_RESPONSE
    private const int MaxAnswer = 256 * 1024; // bytes; OpenSSH: AGENT_MAX_LEN
    private const int MaxKeys = 2048; // OpenSSH: MAX_AGENT_IDENTITIES

    /// <summary>For a list of keys.</summary>
    public TimeSpan ListPatience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>For a signature: the agent may ask a person first (<c>ssh-add -c</c>).</summary>
    public TimeSpan SignPatience { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Its Ed25519 keys, in its order; keys of other kinds are passed over. Empty also where it is locked.</summary>
    /// <exception cref="UserError">It is not there, or does not answer as an agent does.</exception>
    public async Task<IReadOnlyList<SshPublicKey>> ListAsync(CancellationToken cancellationToken)
    {
        byte[] answer = await AskAsync([RequestIdentities], ListPatience, "its keys", cancellationToken);
        return ReadKeys(answer) ?? throw Odd(answer);
    }

    /// <summary>Has it sign; 64 bytes that are the key's signature.</summary>
    /// <exception cref="UserError">It is not there, says no, or what it gives is no signature of the key.</exception>
    public async Task<byte[]> SignAsync(SshPublicKey key, ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        byte[] request = new SshWriter().Raw([SignRequest]).String(key.Blob.Span).String(message.Span).Number(0).ToArray();
        byte[] answer = await AskAsync(request, SignPatience, "a signature", cancellationToken);
        if (answer is [Failure])
        {
            throw Error($"the ssh-agent at {Place} does not sign with {key.Fingerprint}: it is locked, the key was removed, or somebody said no", "unlock it with ssh-add -X, or add the key again with ssh-add");
        }

        byte[] signature = ReadSignature(answer) ?? throw Odd(answer);
        return Ed25519.Verify(signature, message.Span, key.Bytes.Span) ? signature : throw Error($"the ssh-agent at {Place} gave a signature that is not of {key.Fingerprint}", "start another agent: eval $(ssh-agent), ssh-add");
    }

    /// <summary>The Ed25519 keys of an answer; null where it is none.</summary>
    internal static IReadOnlyList<SshPublicKey>? ReadKeys(ReadOnlySpan<byte> answer)
    {
        var reader = new SshReader(answer);
        if (!reader.TryByte(out byte kind) || kind != IdentitiesAnswer || !reader.TryNumber(out uint count) || count > MaxKeys)
        {
            return null;
        }

        var keys = new List<SshPublicKey>();
        for (uint at = 0; at < count; at++)
        {
            if (!reader.TryString(out var blob) || !reader.TryString(out var comment))
            {
                return null;
            }

            if (SshPublicKey.TryRead(blob, ByteText.FromBytes(comment), out var key, out _))
            {
                keys.Add(key);
            }
        }

        return reader.Rest.IsEmpty ? keys : null;
    }

    /// <summary>The 64 bytes of an answer; null where it is none.</summary>
    internal static byte[]? ReadSignature(ReadOnlySpan<byte> answer)
    {
        var outer = new SshReader(answer);
        if (!outer.TryByte(out byte kind) || kind != SignResponse || !outer.TryString(out var signature) || !outer.Rest.IsEmpty)
        {
            return null;
        }

        var inner = new SshReader(signature);
        return inner.TryString(out var name) && name.SequenceEqual("ssh-ed25519"u8) && inner.TryString(out var bytes) && bytes.Length == Ed25519.SignatureBytes && inner.Rest.IsEmpty
            ? bytes.ToArray()
            : null;
    }

    private string Place => SafeText.Of(socketPath);

    private async Task<byte[]> AskAsync(byte[] request, TimeSpan patience, string what, CancellationToken cancellationToken)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(patience);
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPath), bound.Token);
            await using var stream = new NetworkStream(socket);
            await stream.WriteAsync(new SshWriter().String(request).ToArray(), bound.Token);
            byte[] head = new byte[4];
            await stream.ReadExactlyAsync(head, bound.Token);
            if (!new SshReader(head).TryNumber(out uint length) || length is 0 or > MaxAnswer)
            {
                throw Odd([]);
            }

            byte[] answer = new byte[length];
            await stream.ReadExactlyAsync(answer, bound.Token);
            return answer;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Error($"the ssh-agent at {Place} did not give {what} within {patience.TotalSeconds:0.#} s", "answer its question, where it asks one; else start another: eval $(ssh-agent), ssh-add");
        }
        catch (Exception error) when (error is SocketException or IOException or ArgumentException)
        {
            // ArgumentException: the path is longer than a socket's can be, or empty.
            throw Error($"the ssh-agent at {Place} cannot be asked: {SafeText.Of(error.GetBaseException().Message)}", "start one and give it your key: eval $(ssh-agent), ssh-add");
        }
    }

    private UserError Odd(byte[] answer) => answer is [Failure]
        ? Error($"the ssh-agent at {Place} says no", "unlock it: ssh-add -X")
        : Error($"what answers at {Place} is no ssh-agent", "check SSH_AUTH_SOCK");

    private static UserError Error(string message, string hint) => new(message, ExitCodes.Authentication, hint);
}

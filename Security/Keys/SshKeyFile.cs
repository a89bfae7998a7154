using System.Security.Cryptography;
using Deploy.Model;
using Deploy.Model.Text;
using Deploy.Security.Files;
using Deploy.Security.Sodium;

namespace Deploy.Security.Keys;

/// <summary>A private key in a file, of OpenSSH's form, without a passphrase.</summary>
internal sealed class SshKeyFile : ISigner
{
    private const int MaxBytes = 64 * 1024; // of a file; an Ed25519 key has 400
    private const UnixFileMode Owners = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Others = ~(Owners | UnixFileMode.UserExecute);

    private readonly byte[] secret;

    private SshKeyFile(string path, KeyFileContent.Plain content) => (Name, Key, secret) = (SafeText.Of(path), content.Key, content.Secret);

    public SshPublicKey Key { get; }

    public string Name { get; }

    /// <summary>Reads one.</summary>
    /// <exception cref="UserError">There is none, it cannot be read, others may read it, it has a passphrase, or it is something else.</exception>
    public static SshKeyFile Open(string path) => Of(path, Load(path));

    /// <summary>Reads a daemon's own: what another user could put in its place is not used.</summary>
    /// <param name="path">Which.</param>
    /// <param name="daemon">Whose it may be, as <see cref="StrictModes"/> has it.</param>
    /// <exception cref="UserError">As <see cref="Open"/>; or it, or a folder on its way, is another user's.</exception>
    public static SshKeyFile OpenStrictly(string path, uint? daemon) => Of(path, Load(path, facts => StrictModes.Mistake(facts, Path.GetFullPath(path), daemon)));

    /// <summary>The key of what <see cref="Load(string)"/> found.</summary>
    /// <exception cref="UserError">As <see cref="Open"/>.</exception>
    public static SshKeyFile Of(string path, KeyFileContent? content) => content switch
    {
        null => throw Error($"there is no key {SafeText.Of(path)}, or none that this user may see", $"make one: ssh-keygen -t ed25519 -f {SafeText.Of(path)}"),
        KeyFileContent.Plain plain => new SshKeyFile(path, plain),
        KeyFileContent.Locked => throw Error($"the key {SafeText.Of(path)} has a passphrase, which is not asked for here", $"let ssh-agent hold it: ssh-add {SafeText.Of(path)}"),
        KeyFileContent.Public => throw Error($"{SafeText.Of(path)} holds a public key; a private key signs", "name the file without .pub"),
        KeyFileContent.Unusable(var why, var next) => throw Error($"{SafeText.Of(path)} {why}", next),
        _ => throw new InvalidOperationException(),
    };

    /// <summary>Makes a new key: mode 0600, whole or not at all, and never in the place of something.</summary>
    /// <param name="path">Where nothing is yet.</param>
    /// <param name="comment">One line, for people.</param>
    /// <exception cref="UserError">There is something, or it cannot be written.</exception>
    public static SshKeyFile Create(string path, string comment) =>
        TryCreate(path, comment) ?? throw new UserError($"{SafeText.Of(path)} is there already; a new key is never put in the place of something", ExitCodes.Failed, "move it away, or name another place");

    /// <summary>A daemon's key in this file, or a new one in a new file.</summary>
    /// <param name="path">Where.</param>
    /// <param name="comment">Of a new one.</param>
    /// <param name="isNew">Whether it was made.</param>
    /// <param name="daemon">As for <see cref="OpenStrictly"/>.</param>
    /// <exception cref="UserError">It cannot be written, or what is there, perhaps since a moment ago, cannot be used.</exception>
    public static SshKeyFile OpenOrCreate(string path, string comment, out bool isNew, uint? daemon = null)
    {
        var made = FileFacts.Of(path) is null ? TryCreate(path, comment) : null;
        isNew = made is not null;
        return made ?? OpenStrictly(path, daemon);
    }

    private static SshKeyFile? TryCreate(string path, string comment)
    {
        byte[] seed = RandomNumberGenerator.GetBytes(Ed25519.SeedBytes);
        byte[] key = new byte[Ed25519.KeyBytes];
        byte[] secret = new byte[Ed25519.SecretBytes];
        Ed25519.KeysOf(seed, key, secret);
        CryptographicOperations.ZeroMemory(seed);
        var content = new KeyFileContent.Plain(SshPublicKey.Of(key, comment.ReplaceLineEndings(" ").Trim()), secret);
        try
        {
            return NewFile.TryWrite(path, ByteText.ToBytes(OpenSshKeyFormat.Write(content.Key, secret))) ? new SshKeyFile(path, content) : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserError($"the key {SafeText.Of(path)} cannot be written: {SafeText.Of(error.Message)}", ExitCodes.Failed, "make its folder, or name another place");
        }
    }

    /// <summary>What a file holds; null where there is none.</summary>
    /// <exception cref="UserError">It cannot be read, or it is a private key that others may read.</exception>
    public static KeyFileContent? Load(string path) => Load(path, _ => null);

    private static KeyFileContent? Load(string path, Func<FileFacts, string?> mistake)
    {
        // Asked first: to open a pipe would wait for its writer.
        if (FileFacts.Of(FileFacts.RealPath(Path.GetFullPath(path))) is not { } facts)
        {
            return null;
        }

        if (!facts.IsRegular)
        {
            throw Error($"{SafeText.Of(path)} is no file", "name the file of a private key");
        }

        try
        {
            using var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete); // no lock of ours: whoever made it a moment ago still holds it
            if (FileFacts.Of(handle) is { } opened && mistake(opened) is { } why)
            {
                throw Error($"the key {SafeText.Of(path)} is not used: {why}", "it and the folders on its way are root's or the daemon's user's alone; where another may have read it, make a new one");
            }

            long length = RandomAccess.GetLength(handle);
            if (length > MaxBytes)
            {
                throw Error($"{SafeText.Of(path)} is no key: it has {length} bytes", "name the file of a private key");
            }

            byte[] bytes = new byte[length];
            int read = RandomAccess.Read(handle, bytes, 0);
            var content = OpenSshKeyFormat.Read(bytes.AsSpan(0, read));
            CryptographicOperations.ZeroMemory(bytes);
            return content is KeyFileContent.Plain or KeyFileContent.Locked && (File.GetUnixFileMode(handle) & Others) != 0
                ? throw Error($"others may read the private key {SafeText.Of(path)}; such a key is not used", $"chmod 600 {SafeText.Of(path)}")
                : content;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Error($"the key {SafeText.Of(path)} cannot be read: {SafeText.Of(error.Message)}", "check who may read it, and as whom this runs");
        }
    }

    public ValueTask<byte[]> SignAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken) => new(Ed25519.Sign(message.Span, secret));

    private static UserError Error(string message, string hint) => new(message, ExitCodes.Authentication, hint);
}

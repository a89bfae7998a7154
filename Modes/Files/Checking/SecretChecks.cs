using Deploy.Config;
using Deploy.Security;

namespace Deploy.Modes.Files.Checking;

/// <summary>Files with secrets that others can read.</summary>
internal static class SecretChecks
{
    private const int GroupMayRead = 0x20; // S_IRGRP
    private const int OthersMayRead = 0x4; // S_IROTH, sys/stat.h
    private const int OthersMayWrite = 0x2; // S_IWOTH

    /// <summary>A warning when this file is not there, or when everybody may read or write it; none for null.</summary>
    /// <param name="path">A file that holds nothing but a secret.</param>
    /// <param name="position">Where it is named.</param>
    public static IEnumerable<ConfigWarning> File(string? path, Position position) => path is null ? []
        : FileFacts.Of(FileFacts.RealPath(path)) is not { } facts ? [new ConfigWarning(position, $"there is no file {path}, or it may not be looked at")]
        : (facts.Mode & (OthersMayRead | OthersMayWrite)) != 0 ? [new ConfigWarning(position, $"everybody on this host may {((facts.Mode & OthersMayRead) != 0 ? "read" : "change")} {path}: chmod 600 {path}")]
        : [];

    /// <summary>A warning when the private key of the ssl form cannot be used, or is not private; none for null.</summary>
    public static IEnumerable<ConfigWarning> PrivateKey(string? path, Position position) => path is null ? []
        : [.. File(path, position), .. FileFacts.Of(FileFacts.RealPath(path)) is null ? [] : Mistake(SslKeyFile.PrivateMistake(path, out _), position)];

    /// <summary>A warning when the public key of an agent's ssl form cannot be used.</summary>
    public static IEnumerable<ConfigWarning> PublicKey(string path, Position position) => Mistake(SslKeyFile.PublicMistake(path, out _), position);

    private static ConfigWarning[] Mistake(string? mistake, Position position) => mistake is null ? [] : [new ConfigWarning(position, mistake + ": the daemon does not start with it")];

    /// <summary>A warning when only root may read this file and the daemon becomes another user: the next SIGHUP could not read it; none for null.</summary>
    public static IEnumerable<ConfigWarning> UnreadableTo(string? user, string? path, Position position) =>
        user is not (null or "root" or "0") && path is not null && FileFacts.Of(FileFacts.RealPath(path)) is { OwnerId: 0 } facts && (facts.Mode & (GroupMayRead | OthersMayRead)) == 0
            ? [new ConfigWarning(position, $"the daemon becomes '{user}' and can then not read {path} again at a SIGHUP: chown root:GROUP, with a group of that user, and chmod 640")]
            : [];

    /// <summary>The same for a configuration file that holds a secret among other things.</summary>
    /// <param name="path">The file.</param>
    /// <param name="secret">What it holds, e.g. <c>key_cipher</c>.</param>
    /// <param name="position">Where the secret stands in it.</param>
    public static IEnumerable<ConfigWarning> Within(string path, string secret, Position position) =>
        FileFacts.Of(FileFacts.RealPath(path)) is { } facts && (facts.Mode & OthersMayRead) != 0
            ? [new ConfigWarning(position, $"{secret} stands in a file that everybody on this host may read: chmod 600 {path}")]
            : [];
}

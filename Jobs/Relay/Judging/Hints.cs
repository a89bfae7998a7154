using Deploy.Model;

namespace Deploy.Jobs.Relay.Judging;

/// <summary>The next step for what can go wrong with a host.</summary>
internal static class Hints
{
    private const string NotOnThis = "You don't have permisson to access on this["; // original: Proxy.pm

    public const string WaitLonger = "--thread-timeout SECONDS waits longer, for a large tree";
    public const string LastSync = "mend that, then give the rsync order again";
    public const string Encrypted = "it has ssl = true: ask it with --ssl-public-key FILE, the public key of its ssl_private_key";
    public const string NotEncrypted = "it has no ssl: ask it without --ssl-public-key, or set ssl = true and ssl_private_key there";
    public const string NoSslAnswer = "it may have no ssl, or another private key than the one that --ssl-public-key belongs to: its log says which";
    public const string NoAnswer = "it may refuse plain orders (ssl = true), or its log says what went wrong";
    public const string NoAnswerToProxy = "its log says why; where it names a mismatch, give ssl the same value there and in how the proxy asks it";
    public const string NoApiKey = "no API key was given: --api-key-file FILE, or $DEPLOY_API_KEY";
    public const string Key = "give it the key of its configuration (--key-cipher-file), and see that both clocks agree to the minute";
    public const string NoKey = "give the key of its configuration: --key-cipher-file FILE, or $DEPLOY_KEY_CIPHER";
    public const string WaitForSync = "wait until the status order says that none is running, then order again";

    public static string NotReached(string why) =>
        why == "name not found" ? "see that the name is right, e.g. with getent hosts" : "see that the host is up, that the agent runs there, and that nothing between closes the port";

    /// <summary>What to do when it may have started.</summary>
    public static string? AskAgain(Order order) => order switch
    {
        Order.Rsync or Order.Rkill => "ask with the status order whether a sync is running there",
        Order.Exec => "see on the host whether the command ran, before it is ordered again",
        _ => null,
    };

    /// <summary>Whether a proxy refused a host or a group to the API key.</summary>
    public static bool WantsApiKey(string text) => text.StartsWith(NotOnThis, StringComparison.Ordinal);

    /// <summary>What a refusal asks for, by its text (legacy.md has them all).</summary>
    /// <param name="text">What the peer said.</param>
    /// <param name="options">What was asked: a group, or origin and target.</param>
    public static string? Refused(string text, string options) => text switch
    {
        _ when text.StartsWith("You don't have permission to access.", StringComparison.Ordinal) => "its [allow::hosts] does not list the address of this machine",
        _ when text.StartsWith("Your IP[", StringComparison.Ordinal) => "the proxy's [allow::hosts] does not list the address of this machine",
        _ when WantsApiKey(text) && text.AsSpan(NotOnThis.Length).IndexOfAny("[]*,") is >= 0 and var odd && text[NotOnThis.Length + odd] != ']' => "a proxy takes names one by one here, parted by commas: no ranges, no patterns",
        _ when WantsApiKey(text) => "the API key (--api-key-file) does not open this host or group at the proxy",
        _ when text.StartsWith("This group[", StringComparison.Ordinal) => "see the group in the proxy's configuration",
        _ when text.EndsWith(" is not allowed!", StringComparison.Ordinal) && !text.StartsWith('/') =>
            "a request may name an origin host::module/path or rsync://host/module/path, and a target from / on",
        _ when text.EndsWith(" is not allowed!", StringComparison.Ordinal) =>
            "it lies below none of its [allow::paths], or holds '..', or goes through a symbolic link: its log says which (an origin is host::module/path or rsync://…)",
        _ when text.StartsWith("empty value in options!", StringComparison.Ordinal) => $"it has no sync group '{options}', or the group lacks its origin or target",
        _ when text.StartsWith("exec[", StringComparison.Ordinal) => "its configuration has no such command",
        _ when text.StartsWith("Syntax error, unrecognized expression", StringComparison.Ordinal) => "to a proxy say, in the form with --order, --args=hosts:A,B or --args=groups:G,H",
        _ => null,
    };
}

using System.Globalization;
using Deploy.Model;
using Deploy.Model.Hosts;
using Deploy.Model.Text;
using Deploy.Protocol;
using Deploy.Security;

namespace Deploy.Modes.Client;

/// <summary>What a command line said, as words; null where it said nothing. Both command lines, ours and the original's, come down to this.</summary>
internal sealed record ClientInput
{
    /// <summary>The original client's waits. // original: deploy-client, 5 s</summary>
    public const int LegacySeconds = 5;

    /// <summary>The waits of an order as a subcommand: a dry run of a large tree takes its time, and an agent answers when it is done.</summary>
    public const int OrderSeconds = 60;

    /// <summary>Longest wait. // ours: a day</summary>
    public const int MaxSeconds = 24 * 60 * 60;

    /// <summary>Most hosts at once. // ours; sockets cost descriptors</summary>
    public const int MaxParallel = 4096;

    /// <summary>Hosts asked at once where nobody says. // ours: a quarter of the usual 1024 open files</summary>
    public const int DefaultParallel = 256;

    public string? Order { get; init; }

    public string? Hosts { get; init; }

    public string? Options { get; init; }

    public string? Args { get; init; }

    public string? Port { get; init; }

    public string? KeyCipher { get; init; }

    public string? KeyCipherFile { get; init; }

    public string? ApiKey { get; init; }

    public string? ApiKeyFile { get; init; }

    public string? SslPublicKey { get; init; }

    public string? ThreadTimeout { get; init; }

    public string? SocketTimeout { get; init; }

    public string? Parallel { get; init; }

    public FieldEncoding Encoding { get; init; }

    /// <summary>Checks everything and makes settings of it; how to print is the caller's.</summary>
    /// <param name="defaultPort">Where <c>--port</c> is not given: 3440 is an agent's, 3441 a proxy's.</param>
    /// <param name="usageExit">The exit code of a mistake: 64, or 1 under the legacy name.</param>
    /// <param name="defaultSeconds">Both waits where they are not given.</param>
    /// <param name="file">What <c>client.toml</c> says; null where none is read.</param>
    /// <exception cref="UserError">The first mistake.</exception>
    public ClientSettings ToSettings(int defaultPort, int usageExit, int defaultSeconds = LegacySeconds, ClientDefaults? file = null)
    {
        file ??= ClientDefaults.None;
        if (Order is null || !Orders.TryParse(Order, out var order))
        {
            throw new UserError(Order is null ? "no order" : $"no such order: {SafeText.Of(Order)}", usageExit, "an order is status, rlist, rsync, rkill or exec; see --help");
        }

        int port = Port is null ? file.Port ?? defaultPort : HostName.ParsePort(Port);
        if (port == 0)
        {
            throw new UserError($"--port takes 1 to 65535, not '{SafeText.Of(Port!)}'", usageExit);
        }

        var key = Secrets.Find(KeyCipher, KeyCipherFile, "DEPLOY_KEY_CIPHER", file.KeyCipherFile);
        var wait = file.Timeout ?? TimeSpan.FromSeconds(defaultSeconds);
        return new ClientSettings
        {
            Order = order,
            Hosts = HostAddress.ParseList(Hosts ?? string.Empty, port, usageExit),
            Options = Options ?? string.Empty,
            Args = Args ?? string.Empty,
            KeyCipher = key ?? new Secret(LegacyKey.DefaultCipher),
            NoKeyGiven = key is null,
            SslKey = SslPublicKey is null ? null : SslKeyFile.Public(SslPublicKey),
            ApiKey = Secrets.Find(ApiKey, ApiKeyFile, "DEPLOY_API_KEY", file.ApiKeyFile) ?? new Secret(string.Empty),
            ThreadTimeout = Number("--thread-timeout", ThreadTimeout, MaxSeconds, usageExit) is { } whole ? TimeSpan.FromSeconds(whole) : wait,
            SocketTimeout = Number("--socket-timeout", SocketTimeout, MaxSeconds, usageExit) is { } next ? TimeSpan.FromSeconds(next) : wait,
            Parallel = Number("--parallel", Parallel, MaxParallel, usageExit) ?? file.Parallel ?? DefaultParallel,
            Encoding = Encoding,
        };
    }

    /// <summary>A whole number from 1 on; null where nothing is given.</summary>
    /// <exception cref="UserError">It is none.</exception>
    public static int? Number(string option, string? text, int most, int usageExit)
    {
        if (text is null)
        {
            return null;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= 1 && number <= most
            ? number
            : throw new UserError($"{option} takes a whole number from 1 to {most}, not '{SafeText.Of(text)}'", usageExit);
    }
}

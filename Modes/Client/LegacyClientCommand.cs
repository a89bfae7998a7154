using Deploy.Model;
using Deploy.Modes.LegacyNames;
using Deploy.Modes.Proxy;
using Deploy.Output;
using Deploy.Protocol;

namespace Deploy.Modes.Client;

/// <summary>The program under the name <c>deploy-client</c>: the original's options in Perl's manner, JSON always, exit 0 whatever became of the hosts.</summary>
internal static class LegacyClientCommand
{
    private const int UsageExit = 1; // original: deploy-client

    private const string Usage = """
        usage: deploy-client --order=status|rlist|rsync|rkill|exec --hosts=HOST[,HOST...] [OPTION...]

          --options=TEXT         a sync group, ORIGIN,TARGET, or a command with its arguments: NAME,ARG,ARG; sent as it
                                 is: write %26 for &, %2B for +, %25 for %, as ever
          --args=TEXT            through a proxy: hosts:A,B or groups:G,H
          --port=PORT            3441, the proxy's; an agent listens on 3440
          --key-cipher=KEY       the shared key; better from --key-cipher-file=FILE or $DEPLOY_KEY_CIPHER
          --api-key=KEY          a proxy's key; better from --api-key-file=FILE or $DEPLOY_API_KEY
          --ssl-public-key=FILE  the hosts' RSA key (PEM): ask in the ssl form
          --thread-timeout=N     seconds to wait for one host (5)
          --socket-timeout=N     seconds to wait for the next byte (5)
          --parallel=N           hosts asked at once (256)
          --original-proxy       the proxy is the Perl one: encode options twice
          --strict-exit          exit with the codes of `deploy client`, not 0, when hosts fail
          --verbose --debug --help

        It prints JSON. ipc-path and worker-method are taken and have no effect.

        """;

    private static readonly GetoptLong Getopt = new(
    [
        new("order"), new("hosts"), new("port"), new("args"), new("options"), new("key-cipher"), new("api-key"), new("ssl-public-key"),
        new("ipc-path"), new("worker-method"), new("thread-timeout"), new("socket-timeout"),
        new("debug", TakesValue: false), new("verbose", TakesValue: false),
        new("key-cipher-file", Exact: true), new("api-key-file", Exact: true), new("parallel", Exact: true),
        new("original-proxy", TakesValue: false, Exact: true), new("strict-exit", TakesValue: false, Exact: true), new("help", TakesValue: false, Exact: true),
    ]);

    /// <summary>Runs it to its exit code.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, Terminal terminal, TimeProvider time)
    {
        var parsed = Getopt.Parse(arguments);
        foreach (string warning in parsed.Warnings)
        {
            terminal.Error.WriteLine(warning);
        }

        if (parsed.Values.ContainsKey("help"))
        {
            terminal.Out.Write(Usage);
            return ExitCodes.Ok;
        }

        if (ReadSettings(parsed.Values, terminal) is not { } settings)
        {
            return UsageExit;
        }

        if (parsed.Values.ContainsKey("verbose") && (parsed.Values.ContainsKey("ipc-path") || parsed.Values.ContainsKey("worker-method")))
        {
            terminal.WriteWarning("ipc-path and worker-method have no effect");
        }

        return await new ClientRun(settings, terminal, time).RunAsync();
    }

    /// <summary>The settings; null, the mistake and the usage on stderr, where there is one.</summary>
    internal static ClientSettings? ReadSettings(IReadOnlyDictionary<string, string> values, Terminal terminal)
    {
        string? Value(string name) => values.GetValueOrDefault(name);
        var input = new ClientInput
        {
            Order = Value("order"),
            Hosts = Value("hosts"),
            Options = Value("options"),
            Args = Value("args"),
            Port = Value("port"),
            KeyCipher = Value("key-cipher"),
            KeyCipherFile = Value("key-cipher-file"),
            ApiKey = Value("api-key"),
            ApiKeyFile = Value("api-key-file"),
            SslPublicKey = Value("ssl-public-key"),
            ThreadTimeout = Value("thread-timeout"),
            SocketTimeout = Value("socket-timeout"),
            Parallel = Value("parallel"),
            Encoding = values.ContainsKey("original-proxy") ? FieldEncoding.OptionsTwice : FieldEncoding.AsGiven,
        };
        try
        {
            return input.ToSettings(ProxySettings.DefaultPort, UsageExit) with { Printing = Printing.Json, AlwaysExitZero = !values.ContainsKey("strict-exit") };
        }
        catch (UserError error)
        {
            terminal.WriteError(error.Message, error.Hint);
            terminal.Error.Write(Usage);
            return null;
        }
    }
}

using System.CommandLine;
using Deploy.Model;

namespace Deploy.Modes.Client.Ordering;

/// <summary>Which protocol an order goes by: v1, or the original's where something asks for that. See docs/client.md.</summary>
internal static class Wire
{
    private const string KeyVariable = "DEPLOY_KEY_CIPHER";

    /// <summary>What asks for the original's protocol; null where the order goes by v1.</summary>
    /// <exception cref="UserError">The command line asks for both.</exception>
    public static string? Legacy(ParseResult parsed, ClientOptions options, ClientDefaults file)
    {
        bool says = OptionKinds.IsGiven(parsed, options.Legacy);
        string? why = Asked(parsed, options);
        if (why is not null && OptionKinds.IsGiven(parsed, options.Via))
        {
            throw new UserError($"--via and {why} do not go together", ExitCodes.Usage, "--via asks a proxy by v1; the original's protocol through a proxy: deploy client --order=ORDER --hosts=PROXY --args=groups:NAME");
        }

        return says || why is not null || OptionKinds.IsGiven(parsed, options.Via) ? why
            : Surroundings.Variable(KeyVariable) is not null ? "$" + KeyVariable
            : file.Via is null && file.KeyCipherFile is not null ? "key_cipher_file of client.toml"
            : null;
    }

    /// <summary>An order that v1 alone has goes by v1, whatever the environment and the file have.</summary>
    /// <exception cref="UserError">The command line asks for the original's protocol.</exception>
    public static void RefuseLegacy(ParseResult parsed, string what, ClientOptions options)
    {
        if (Asked(parsed, options) is { } why)
        {
            throw new UserError($"the original's protocol has no {what}, and {why} asks for that protocol", ExitCodes.Usage, "leave it out");
        }
    }

    /// <summary>Refuses options that the protocol of this order does not have.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="legacy">What asks for the original's; null is v1.</param>
    /// <param name="options">The shared ones.</param>
    /// <param name="ofJobs">Those of v1.</param>
    /// <exception cref="UserError">There is one.</exception>
    public static void RefuseOthers(ParseResult parsed, string? legacy, ClientOptions options, IEnumerable<Option> ofJobs)
    {
        if (legacy is null)
        {
            if (new Option[] { options.ThreadTimeout, options.SocketTimeout }.FirstOrDefault(option => OptionKinds.IsGiven(parsed, option)) is { } old)
            {
                throw new UserError($"{old.Name} is an option of the original's protocol", ExitCodes.Usage, "a host's time is --host-timeout TIME, the whole job's --deadline TIME; the original's protocol is asked for by a key, or --legacy");
            }
        }
        else if (ofJobs.Append(options.Ndjson).FirstOrDefault(option => OptionKinds.IsGiven(parsed, option)) is { } young)
        {
            throw new UserError($"the original's protocol has no {young.Name}, and {legacy} asks for that protocol", ExitCodes.Usage, legacy.StartsWith("--", StringComparison.Ordinal) ? "leave one of them out" : "leave it out; or --legacy false, which speaks v1 all the same");
        }
    }

    /// <summary>What on the command line asks for the original's protocol; null for nothing.</summary>
    /// <exception cref="UserError">A key is given to a protocol that has none.</exception>
    private static string? Asked(ParseResult parsed, ClientOptions options)
    {
        string? key = GivenKey(parsed, options);
        if (!OptionKinds.IsGiven(parsed, options.Legacy))
        {
            return key;
        }

        return parsed.GetValue(options.Legacy) ? options.Legacy.Name
            : key is null ? null
            : throw new UserError($"--legacy false and {key} do not go together", ExitCodes.Usage, "v1 has no such keys: leave one of them out");
    }

    private static string? GivenKey(ParseResult parsed, ClientOptions options) =>
        new Option[] { options.KeyCipher, options.KeyCipherFile, options.ApiKey, options.ApiKeyFile, options.SslPublicKey }.FirstOrDefault(option => OptionKinds.IsGiven(parsed, option))?.Name;
}

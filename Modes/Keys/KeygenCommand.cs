using System.CommandLine;
using Deploy.Model;
using Deploy.Model.Text;
using Deploy.Output;

namespace Deploy.Modes.Keys;

/// <summary><c>deploy keygen legacy</c>: makes the pair of RSA keys of the original's ssl form.</summary>
internal static class KeygenCommand
{
    private const int DefaultBits = 3072; // NIST SP 800-57: good beyond 2030

    /// <summary>The command, to be put under the root; its help goes to <paramref name="pages"/>.</summary>
    public static Command Create(Terminal terminal, Dictionary<Command, HelpPage> pages)
    {
        var place = new Option<string>("--out") { Description = "a directory for private.pem and public.pem, or a prefix for both names; default: here", HelpName = "DIR|PREFIX", DefaultValueFactory = _ => "." };
        var bits = new Option<int>("--bits") { Description = $"2048, 3072 or 4096; {DefaultBits}", HelpName = "BITS", DefaultValueFactory = _ => DefaultBits };
        bits.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && token.Value is not ("2048" or "3072" or "4096"))
            {
                result.AddError($"--bits takes 2048, 3072 or 4096, not '{SafeText.Of(token.Value)}'");
            }
        });
        var legacy = new Command("legacy", "Make the RSA keys of the original's ssl form; the Perl programs read them too. Nothing is overwritten.") { place, bits };
        legacy.SetAction(parsed =>
        {
            var (privateKey, publicKey) = LegacyKeyPair.Write(parsed.GetRequiredValue(place), parsed.GetValue(bits));
            terminal.Out.WriteLine($"{SafeText.Of(privateKey)}  the private key: for the agent, or the proxy, and nobody else (ssl = true, ssl_private_key)");
            terminal.Out.WriteLine($"{SafeText.Of(publicKey)}  the public key: for whoever asks it (--ssl-public-key; a proxy's ssl_public_key)");
            return ExitCodes.Ok;
        });
        pages[legacy] = new HelpPage("deploy keygen legacy [OPTION...]")
        {
            Groups = [new HelpGroup("Options", [place, bits])],
            Examples =
            [
                ("deploy keygen legacy --out /etc/deploy", "/etc/deploy/private.pem and public.pem"),
                ("deploy keygen legacy --out /etc/deploy/agents-", "/etc/deploy/agents-private.pem and agents-public.pem"),
                ("deploy client status site --hosts web1 --ssl-public-key public.pem", "asks an agent that has the private key"),
            ],
        };
        var command = new Command("keygen", "Make keys.") { legacy };
        pages[command] = new HelpPage("deploy keygen legacy [OPTION...]") { Examples = [("deploy keygen legacy --help", "the keys of the original's ssl form")] };
        return command;
    }
}

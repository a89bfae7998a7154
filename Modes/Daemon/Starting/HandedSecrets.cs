using Deploy.Model.Text;

namespace Deploy.Modes.Daemon.Starting;

/// <summary>
/// Secrets of the command line on their way to the process that becomes the daemon, see <see cref="ProcessTitle"/>: in its environment, which its own user and root can read and nobody else.
/// They stay out of its arguments, and the daemon's children get an environment of their own.
/// </summary>
internal static class HandedSecrets
{
    private const string Prefix = "DEPLOY_HANDED";
    private const char Mark = '='; // before the digits: an empty variable counts as none, and an empty key is one, which nobody can prove

    /// <summary>The value of this option in our environment, possibly empty; null where there is none.</summary>
    /// <param name="option">E.g. <c>--key-cipher</c>.</param>
    public static string? Of(string option) => Of(option, Surroundings.Variable);

    /// <summary>The same in another environment, which has no value for a variable that is empty.</summary>
    public static string? Of(string option, Func<string, string?> variable)
    {
        try
        {
            return variable(Variable(option)) is [Mark, .. var hex] ? ByteText.FromBytes(Convert.FromHexString(hex)) : null;
        }
        catch (FormatException)
        {
            return null; // nobody of ours wrote it
        }
    }

    /// <summary>This environment with the secrets in it; in hexadecimal, since a key may be any bytes.</summary>
    public static Dictionary<string, string> Added(IReadOnlyDictionary<string, string> environment, IReadOnlyDictionary<string, string> secrets)
    {
        var all = new Dictionary<string, string>(environment);
        foreach (var (option, secret) in secrets)
        {
            all[Variable(option)] = Mark + Convert.ToHexString(ByteText.ToBytes(secret));
        }

        return all;
    }

    private static string Variable(string option) => Prefix + option[1..].Replace('-', '_').ToUpperInvariant();
}

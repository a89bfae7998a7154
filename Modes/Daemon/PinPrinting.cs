using System.CommandLine;
using Deploy.Model;
using Deploy.Model.Text;
using Deploy.Security;
using Deploy.Security.Channel;

namespace Deploy.Modes.Daemon;

/// <summary><c>--print-pin</c>: the pin of the host key that is there. Nothing is made.</summary>
internal static class PinPrinting
{
    /// <summary>Prints it; the exit code.</summary>
    /// <param name="parsed">The command line; knows where to print.</param>
    /// <param name="settings">Those of the daemon; null where its configuration has mistakes.</param>
    /// <param name="config">The configuration.</param>
    /// <param name="daemon"><c>agent</c> or <c>proxy</c>.</param>
    /// <exception cref="UserError">There is no key, or it cannot be read.</exception>
    public static Task<int> RunAsync(ParseResult parsed, DaemonSettings? settings, string config, string daemon)
    {
        if (settings?.HostKeyFile is not { } path)
        {
            throw new UserError($"{SafeText.Of(config)} cannot be read, or has mistakes", ExitCodes.Configuration, $"deploy check {SafeText.Of(config)}");
        }

        // Whoever's it is: the user of a unit is not known here, and nothing goes by a pin that is printed.
        var key = HostKeyFile.Load(path, FileFacts.Of(FileFacts.RealPath(Path.GetFullPath(path)))?.OwnerId)
            ?? throw new UserError($"there is no host key {SafeText.Of(path)} yet", ExitCodes.Failed, $"it is made when deploy {daemon} starts the first time");
        parsed.InvocationConfiguration.Output.WriteLine(key.Pin.ToString());
        return Task.FromResult(ExitCodes.Ok);
    }
}

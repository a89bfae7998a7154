using System.CommandLine;
using Deploy.Model;
using Deploy.Modes.Client.Following;
using Deploy.Modes.Client.Journal;
using Deploy.Protocol.V1;

namespace Deploy.Modes.Client.Ordering;

/// <summary>Does a command where its jobs are, and makes exit codes of what may come between.</summary>
internal static class AtPlace
{
    /// <summary>Opens the place, checks that it may be asked, and does the command.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="context">What commands work with.</param>
    /// <param name="file">What client.toml says.</param>
    /// <param name="run">The command. A job that it gave, or follows, it leaves by itself when it is interrupted.</param>
    /// <exception cref="UserError">The place cannot be asked, or no more.</exception>
    public static async Task<int> RunAsync(ParseResult parsed, ClientContext context, ClientDefaults file, Func<JobPlace, Interrupts, Task<int>> run)
    {
        using var interrupts = Interrupts.OfProcess();
        await using var place = Places.Open(parsed, context, file);
        try
        {
            await place.CheckAsync(interrupts.Leave);
            return await run(place, interrupts);
        }
        catch (V1Failure error)
        {
            throw error.Problem is { } problem ? JobExit.Refused(place, problem) : new UserError(error.Message, error.IsOtherKey ? ExitCodes.Authentication : ExitCodes.HostUnreachable);
        }
        catch (IOException error)
        {
            throw new UserError(error.Message, ExitCodes.Failed); // a file of the journal, or standard output
        }
        catch (OperationCanceledException) when (interrupts.Leave.IsCancellationRequested)
        {
            context.Terminal.Error.WriteLine("interrupted");
            return ExitCodes.Interrupted;
        }
    }
}

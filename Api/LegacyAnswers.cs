using System.Text;
using Deploy.Jobs;
using Deploy.Jobs.Commands;
using Deploy.Jobs.Engine;
using Deploy.Jobs.Syncs;
using Deploy.Model;
using Deploy.Model.Text;
using Deploy.Protocol;

namespace Deploy.Api;

/// <summary>An order's outcome in the original's form: status and body, word for word.</summary>
internal static class LegacyAnswers
{
    /// <summary>The answer to an order that was taken.</summary>
    public static LegacyReply Of(Order order, OrderOutcome outcome) => outcome switch
    {
        OrderOutcome.OptionsUnusable => LegacyReply.Text(400, "empty value in options!"),
        OrderOutcome.NotAllowed not => LegacyReply.Text(403, $"{not.Path} is not allowed!"),
        OrderOutcome.CommandUnknown unknown => LegacyReply.Text(400, $"exec[{unknown.Name}] not found!"),
        OrderOutcome.TimedOut => LegacyReply.Text(408, string.Empty),
        OrderOutcome.Previewed preview when order == Order.Rlist => Json(new RlistAnswer(
            preview.TransferCount, preview.TransferBytes, preview.NewNames, preview.DeletedNames).ToJson()),
        OrderOutcome.Previewed preview => Json(new StatusAnswer(preview.TransferCount, preview.TransferBytes).ToJson()),
        OrderOutcome.AlreadyRunning already => Json(new RunningAnswer(already.Pids).ToJson()),
        OrderOutcome.SyncUnderWay sync => Json(new RsyncAnswer(sync.Checksum).ToJson()),
        OrderOutcome.SyncFailed failed => Json(new FailedAnswer(ByteText.ToBytes(failed.Text)).ToJson()),
        OrderOutcome.Stopped stopped => Json(new RkillAnswer(stopped.Pids).ToJson()),
        OrderOutcome.CommandEnded ended => Json(new ExecAnswer(ended.Succeeded, ended.Output, ended.CommandLine).ToJson()),
        _ => throw new InvalidOperationException(),
    };

    /// <summary>What the body has no place for.</summary>
    public static JobHeader Header(AdoptedJob job, OrderOutcome outcome) => new(job.Id.ToString(), job.State)
    {
        Reason = job.Reason,
        Changes = (outcome as OrderOutcome.Previewed)?.Changes,
        LastSync = outcome is OrderOutcome.Previewed { LastSync: { } end }
            ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{end.State.Word()} {end.At:yyyy-MM-dd'T'HH:mm:ss'Z'}: {end.Reason}")
            : null,
    };

    private static LegacyReply Json(ReadOnlyMemory<byte> body) => new(200) { Body = [body], IsJson = true };
}

using System.Text.Json;
using Deploy.Model.Jobs;
using Deploy.Model.Jobs.Json;

namespace Deploy.Output.Live;

/// <summary>The events on standard output as they come, one a line, as the v1 API has them; the last one is <c>end</c> where the job was followed to its end.</summary>
/// <param name="terminal">What is said beside them goes to its standard error.</param>
internal sealed class EventFace(Terminal terminal) : Face
{
    public override void Heard(JobEvent what, HostStanding? moved)
    {
        terminal.Out.WriteLine(JsonSerializer.Serialize(what, V1Json.Default.JobEvent)); // the serializer escapes what could move a cursor
        terminal.Out.Flush();
    }

    public override void Tick()
    {
    }

    public override void Dispose()
    {
    }

    public override void Say(string line) => terminal.Error.WriteLine(line);
}

using Deploy.Model;
using Deploy.Model.Jobs;
using Xunit;

namespace Deploy.Tests.Jobs.Events;

/// <summary>Events as they come, each as a word or two.</summary>
internal static class Reading
{
    public static async Task<string> NextAsync(IAsyncEnumerator<JobEvent> reader)
    {
        Assert.True(await reader.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30)));
        var what = reader.Current;
        return what.Type switch
        {
            EventType.HostState => $"{what.Host} {what.Standing!.State.Word()}",
            EventType.HostProgress => $"{what.Host} {what.Standing!.Progress!.BytesDone} bytes",
            EventType.JobState => what.Summary!.State.Word(),
            EventType.JobSummary => $"sum {what.Summary!.BytesDone}",
            EventType.HostLog => what.Log!.Text,
            var own => own.ToString().ToLowerInvariant(),
        };
    }

    public static async Task<List<string>> NextAsync(IAsyncEnumerator<JobEvent> reader, int count)
    {
        var words = new List<string>();
        while (words.Count < count)
        {
            words.Add(await NextAsync(reader));
        }

        return words;
    }
}

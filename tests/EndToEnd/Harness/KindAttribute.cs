using System.Reflection;
using Xunit.Sdk;

namespace Deploy.Tests.EndToEnd.Harness;

/// <summary>One kind of published binary as the data of a theory: its path. Skipped, with the reason, where it was not published.</summary>
internal sealed class KindAttribute : DataAttribute
{
    private readonly string path;

    /// <param name="name">Its file name beside <see cref="PublishedBinary"/>.</param>
    public KindAttribute(string name)
    {
        path = PublishedBinary.Beside(name);
        if (!File.Exists(path))
        {
            Skip = $"there is no {path}: see ./build help";
        }
    }

    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => [[path]];
}

using System.Globalization;
using System.Text;

namespace Deploy.Api.V1.Metrics;

/// <summary>Families as the text that Prometheus reads.</summary>
/// <remarks>
/// prometheus.io/docs/instrumenting/exposition_formats, version 0.0.4: <c># HELP NAME TEXT</c> with <c>\</c> and line breaks escaped, <c># TYPE NAME counter|gauge</c>, then
/// <c>NAME{LABEL="VALUE"} NUMBER</c>, where a value's <c>"</c> is escaped too. Lines end with LF.
/// </remarks>
internal static class MetricText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    public static byte[] Of(IEnumerable<MetricFamily> families)
    {
        var text = new StringBuilder();
        foreach (var family in families)
        {
            text.Append("# HELP ").Append(family.Name).Append(' ').Append(Escaped(family.Help)).Append('\n');
            text.Append("# TYPE ").Append(family.Name).Append(family.IsCounter ? " counter\n" : " gauge\n");
            foreach (var sample in family.Samples)
            {
                text.Append(family.Name);
                if (sample.Labels is { Length: > 0 } labels)
                {
                    text.Append('{').AppendJoin(',', labels.Select(label => $"{label.Name}=\"{Escaped(label.Value).Replace("\"", "\\\"", StringComparison.Ordinal)}\"")).Append('}');
                }

                text.Append(' ').Append(sample.Value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
            }
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static string Escaped(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}

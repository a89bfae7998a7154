using Deploy.Model;
using Deploy.Tui.Screens;

namespace Deploy.Tui.State;

/// <summary>Where the operator is.</summary>
/// <param name="Screen">Which.</param>
/// <param name="Job">Of a rollout, a plan, a log.</param>
/// <param name="Host">Of a host's page, and of the log of one host.</param>
internal sealed record Place(ScreenName Screen, JobId? Job = null, string? Host = null);

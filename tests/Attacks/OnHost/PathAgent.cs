namespace Deploy.Tests.Attacks.OnHost;

/// <summary>Groups whose targets lie behind links, once the test has made these.</summary>
public sealed class PathAgent : HostAgent
{
    /// <summary>The group of each target, each without a guard of numbers, so that an order of its own may name the same place.</summary>
    internal static readonly string[] Groups = ["plain", "linked", "below"];

    internal override string Tables(AttackedAgent agent) => string.Concat(Groups.Select(group => $"""
        [sync.{group}]
        origin = "{Site}"
        target = "{agent.Target}/{(group == "below" ? "linked/below" : group)}"
        options = ["--archive", "--delete", "--ignore-times"]
        guard.max_delete = "none"
        guard.max_delete_percent = "none"

        """));
}

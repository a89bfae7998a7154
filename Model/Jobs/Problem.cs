using System.Text.Json.Serialization;
using Deploy.Model.Jobs.Json;

namespace Deploy.Model.Jobs;

/// <summary>Why a request is not done: <c>application/problem+json</c> (RFC 9457) on the wire, a value in the house.</summary>
/// <param name="Type">A stable word, behind <c>urn:deploy:</c>; <see cref="ProblemTypes"/>.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Title">What kind of thing went wrong, the same for every such problem.</param>
/// <param name="Detail">What went wrong here: names the host and the thing; one line, safe to print.</param>
internal sealed record Problem([property: JsonConverter(typeof(ProblemTypeConverter))] string Type, int Status, string Title, string Detail)
{
    /// <summary>The next step; null where there is none.</summary>
    public string? Hint { get; init; }

    /// <summary>What the logs of this host say in place of <see cref="Detail"/>, where a stranger must not read it, as a path; null for the same. Never sent.</summary>
    [JsonIgnore]
    public string? Inside { get; init; }

    /// <summary>What the logs of this host say.</summary>
    [JsonIgnore]
    public string Said => Inside ?? Detail;

    /// <summary>The job that is in the way, or that was asked for; null where there is none.</summary>
    public JobId? Job { get; init; }
}

/// <summary>The words of <see cref="Problem.Type"/>.</summary>
internal static class ProblemTypes
{
    public const string BadRequest = "bad-request";
    public const string NotFound = "not-found";
    public const string MethodNotAllowed = "method-not-allowed";
    public const string TooLarge = "too-large";
    public const string LengthRequired = "length-required";
    public const string MediaType = "media-type";
    public const string TooSlow = "too-slow";
    public const string NotAllowed = "not-allowed";
    public const string Unauthenticated = "unauthenticated";
    public const string ClockSkew = "clock-skew";
    public const string TooMany = "too-many";
    public const string Upgrade = "upgrade";
    public const string Invalid = "invalid";
    public const string OtherContent = "other-content";
    public const string Busy = "busy";
    public const string Leased = "leased";
    public const string TooLate = "too-late";
    public const string Cancelled = "cancelled";
    public const string PlanDrift = "plan-drift";
    public const string StoreUnwritable = "store-unwritable";
    public const string Stopping = "stopping";
}

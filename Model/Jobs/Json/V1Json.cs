using System.Text.Json.Serialization;

namespace Deploy.Model.Jobs.Json;

/// <summary>The v1 surface as JSON: snake_case, what is null is left out. On the wire and in the store. Reading is strict: a member that is not known is an error.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    MaxDepth = 8,
    Converters =
    [
        typeof(JobIdConverter), typeof(OrderConverter), typeof(HostStateConverter), typeof(JobStateConverter), typeof(OnFailureConverter), typeof(ShapeKindConverter),
        typeof(EventTypeConverter), typeof(InstantConverter),
    ])]
[JsonSerializable(typeof(JobSpec))]
[JsonSerializable(typeof(JobView))]
[JsonSerializable(typeof(Page<JobView>))]
[JsonSerializable(typeof(HostStanding))]
[JsonSerializable(typeof(Page<HostStanding>))]
[JsonSerializable(typeof(JobEvent))]
[JsonSerializable(typeof(IReadOnlyList<Shape>))]
[JsonSerializable(typeof(ShapeChange))]
[JsonSerializable(typeof(IReadOnlyList<Lease>))]
[JsonSerializable(typeof(LogLine))]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(DaemonSelf))]
[JsonSerializable(typeof(IReadOnlyList<GroupFacts>))]
[JsonSerializable(typeof(Page<HostFacts>))]
[JsonSerializable(typeof(Page<AuditRecord>))]
[JsonSerializable(typeof(LeaseTheft))]
internal sealed partial class V1Json : JsonSerializerContext;

/// <summary>The same for answers of a peer, which may be newer: members that are not known are passed over.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    MaxDepth = 8,
    Converters =
    [
        typeof(JobIdConverter), typeof(OrderConverter), typeof(HostStateConverter), typeof(JobStateConverter), typeof(OnFailureConverter), typeof(ShapeKindConverter),
        typeof(EventTypeConverter), typeof(InstantConverter),
    ])]
[JsonSerializable(typeof(JobView))]
[JsonSerializable(typeof(Page<JobView>))]
[JsonSerializable(typeof(HostStanding))]
[JsonSerializable(typeof(Page<HostStanding>))]
[JsonSerializable(typeof(JobEvent))]
[JsonSerializable(typeof(IReadOnlyList<Shape>))]
[JsonSerializable(typeof(IReadOnlyList<Lease>))]
[JsonSerializable(typeof(LogLine))]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(DaemonSelf))]
[JsonSerializable(typeof(IReadOnlyList<GroupFacts>))]
[JsonSerializable(typeof(Page<HostFacts>))]
[JsonSerializable(typeof(Page<AuditRecord>))]
[JsonSerializable(typeof(LeaseTheft))]
internal sealed partial class V1PeerJson : JsonSerializerContext;

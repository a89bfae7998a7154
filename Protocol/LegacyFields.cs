using Deploy.Model;

namespace Deploy.Protocol;

/// <summary>The four fields of a legacy request, decoded, in ByteText; a field that did not come is empty.</summary>
/// <param name="AuthKey">md5 and time, see <c>Security.LegacyKey</c>; whoever has it may give orders for a minute.</param>
/// <param name="Options">A sync group, <c>ORIGIN,TARGET</c>, or a command and its arguments.</param>
/// <param name="Args">To a proxy <c>hosts:a,b</c> or <c>groups:g,h</c>; agents ignore it.</param>
/// <param name="ApiKey">To a proxy the API key; agents ignore it.</param>
internal sealed record LegacyFields(Secret AuthKey, string Options, string Args, Secret ApiKey);

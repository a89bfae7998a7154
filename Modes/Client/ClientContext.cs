using System.CommandLine;
using Deploy.Output;

namespace Deploy.Modes.Client;

/// <summary>What every command of the client works with.</summary>
/// <param name="Options">The options that all share.</param>
/// <param name="Terminal">Where it prints.</param>
/// <param name="Time">The clock.</param>
/// <param name="Pages">Takes each command's help.</param>
internal sealed record ClientContext(ClientOptions Options, Terminal Terminal, TimeProvider Time, Dictionary<Command, HelpPage> Pages);

namespace Deploy.Protocol;

/// <summary>How the fields of a legacy request are percent-encoded.</summary>
internal enum FieldEncoding
{
    /// <summary>What would change its meaning, once: for an agent, and for our proxy.</summary>
    Once,

    /// <summary>Options twice: an original proxy decodes them, drops blanks and forwards what is left raw.</summary>
    OptionsTwice,

    /// <summary>Not at all: whoever gives the order has encoded it, as scripts of the original's client had to.</summary>
    AsGiven,
}

namespace Deploy.Config.Toml;

/// <summary>What parts a <see cref="TomlValue.Moment"/> has.</summary>
internal enum TomlMomentKind
{
    /// <summary><c>1979-05-27T07:32:00Z</c> or with <c>+01:00</c>: one instant.</summary>
    OffsetDateTime,

    /// <summary><c>1979-05-27T07:32:00</c>: no instant, for nobody says where.</summary>
    LocalDateTime,

    /// <summary><c>1979-05-27</c>.</summary>
    LocalDate,

    /// <summary><c>07:32:00</c>.</summary>
    LocalTime,
}

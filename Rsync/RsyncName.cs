namespace Deploy.Rsync;

/// <summary>A name as rsync printed it, with rsync's escapes (<c>\#ooo</c>); the bytes behind it are made when asked for, since lists are long.</summary>
internal readonly record struct RsyncName(byte[] Printed)
{
    /// <summary>The name's real bytes.</summary>
    public byte[] Unescape() => throw new NotImplementedException();

    /// <summary>For legacy JSON: the real name where it is valid UTF-8, else as printed, escapes and all.</summary>
    public string LegacyText() => throw new NotImplementedException();
}

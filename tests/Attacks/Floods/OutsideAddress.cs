using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Deploy.Tests.Attacks.Floods;

/// <summary>An address of this host that is no loopback, to speak to and from as another host would.</summary>
internal static class OutsideAddress
{
    /// <summary>An IPv4 address; null where this host has none.</summary>
    public static string? Find() => NetworkInterface.GetAllNetworkInterfaces()
        .Where(one => one.OperationalStatus == OperationalStatus.Up && one.NetworkInterfaceType != NetworkInterfaceType.Loopback)
        .SelectMany(one => one.GetIPProperties().UnicastAddresses)
        .FirstOrDefault(one => one.Address.AddressFamily == AddressFamily.InterNetwork)?.Address.ToString();
}

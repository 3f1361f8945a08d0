package dev.ballast.worker;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * From which addresses models are fetched: public ones, and those that the owner of the worker
 * allowed. A job's author could otherwise have a worker read what only its network may reach, such
 * as the metadata of a cloud machine (169.254.169.254).
 *
 * <p>Ranges: the special-purpose registries of IANA (RFC 6890), for IPv6 with the IPv4 addresses
 * that lie within mapped, NAT64, 6to4 and Teredo addresses.
 */
public final class ModelNetworks {
  private static final List<Network> SPECIAL =
      List.of(
          Network.of("0.0.0.0/8"),
          Network.of("10.0.0.0/8"),
          Network.of("100.64.0.0/10"),
          Network.of("127.0.0.0/8"),
          Network.of("169.254.0.0/16"),
          Network.of("172.16.0.0/12"),
          Network.of("192.0.0.0/24"),
          Network.of("192.0.2.0/24"),
          Network.of("192.88.99.0/24"),
          Network.of("192.168.0.0/16"),
          Network.of("198.18.0.0/15"),
          Network.of("198.51.100.0/24"),
          Network.of("203.0.113.0/24"),
          Network.of("224.0.0.0/3"),
          // All of IPv6 but the global unicast addresses, and of these the special ones.
          Network.of("::/3"),
          Network.of("4000::/2"),
          Network.of("8000::/1"),
          Network.of("2001::/23"),
          Network.of("2001:db8::/32"),
          Network.of("3fff::/20"));

  /** NAT64; the last 32 bits are an IPv4 address. */
  private static final Network NAT64 = Network.of("64:ff9b::/96");

  /** 6to4; the 32 bits behind it are an IPv4 address. */
  private static final Network SIX_TO_FOUR = Network.of("2002::/16");

  private final List<Network> allowed;

  private record Network(InetAddress address, int bits) {
    static Network of(String text) {
      int slash = text.indexOf('/');
      try {
        InetAddress address = InetAddress.ofLiteral(slash < 0 ? text : text.substring(0, slash));
        int most = 8 * address.getAddress().length;
        int bits = slash < 0 ? most : Integer.parseInt(text.substring(slash + 1));
        if (bits >= 0 && bits <= most) {
          return new Network(address, bits);
        }
      } catch (IllegalArgumentException e) {
        // said below
      }
      throw new IllegalArgumentException(
          "\"%s\" is no network. Maybe 10.0.0.0/8 or fd00::/8?".formatted(text));
    }

    boolean holds(InetAddress other) {
      byte[] here = address.getAddress();
      byte[] there = other.getAddress();
      if (here.length != there.length) {
        return false;
      }
      for (int bit = 0; bit < bits; bit++) {
        int mask = 0x80 >> (bit % 8);
        if ((here[bit / 8] & mask) != (there[bit / 8] & mask)) {
          return false;
        }
      }
      return true;
    }
  }

  /**
   * {@code allowed}: networks such as {@code 10.1.0.0/16}, beside the public ones; throws {@link
   * IllegalArgumentException} for what is none.
   */
  public ModelNetworks(List<String> allowed) {
    this.allowed = allowed.stream().map(Network::of).toList();
  }

  /** Whether its owner allowed it by name of its network. */
  boolean allows(InetAddress address) {
    return allowed.stream().anyMatch(network -> network.holds(address));
  }

  /** Whether a model may be fetched from there. */
  boolean permits(InetAddress address) {
    return allows(address)
        || faces(address).stream()
            .noneMatch(face -> SPECIAL.stream().anyMatch(network -> network.holds(face)));
  }

  /** The address, and the one that a translator would make of it. */
  private static List<InetAddress> faces(InetAddress address) {
    List<InetAddress> faces = new ArrayList<>();
    byte[] bytes = address.getAddress();
    if (address instanceof Inet4Address) {
      faces.add(address);
    } else if (NAT64.holds(address)) {
      faces.add(four(Arrays.copyOfRange(bytes, 12, 16)));
    } else if (address instanceof Inet6Address) {
      faces.add(address);
      if (SIX_TO_FOUR.holds(address)) {
        faces.add(four(Arrays.copyOfRange(bytes, 2, 6)));
      }
    }
    return faces;
  }

  private static InetAddress four(byte[] bytes) {
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("four bytes are an address", e);
    }
  }
}

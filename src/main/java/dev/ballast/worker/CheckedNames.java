package dev.ballast.worker;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.function.Predicate;
import org.apache.hc.client5.http.DnsResolver;

/**
 * Looks names up, and refuses those of which any address may not be asked. The connection is made
 * to the very addresses that were checked, so that a name which answers otherwise the second time
 * gains nothing.
 */
record CheckedNames(ModelNetworks networks, Lookup lookup) implements DnsResolver {
  /** All addresses of a name. */
  @FunctionalInterface
  interface Lookup {
    InetAddress[] addresses(String host) throws UnknownHostException;
  }

  /** The name has an address that may not be asked. */
  static final class RefusedAddressException extends UnknownHostException {
    private static final long serialVersionUID = 1L;

    RefusedAddressException(String message) {
      super(message);
    }
  }

  @Override
  public InetAddress[] resolve(String host) throws UnknownHostException {
    InetAddress[] found = lookup.addresses(host);
    for (InetAddress address : found) {
      if (!networks.permits(address)) {
        throw new RefusedAddressException(
            "%s is at %s, which is no public address. The owner of the worker may allow its network"
                    .formatted(host, address.getHostAddress())
                + " with BALLAST_MODELS_ALLOWED_NETWORKS");
      }
    }
    return found;
  }

  /** The same, with names that are looked up unchecked. */
  DnsResolver exceptFor(Predicate<String> trusted) {
    CheckedNames checked = this;
    return new DnsResolver() {
      @Override
      public InetAddress[] resolve(String host) throws UnknownHostException {
        return trusted.test(host) ? lookup.addresses(host) : checked.resolve(host);
      }

      @Override
      public String resolveCanonicalHostname(String host) {
        return host;
      }
    };
  }

  /** Refuses what is known here to be elsewhere; names that only a proxy knows are left to it. */
  void refuseKnown(String host) throws RefusedAddressException {
    try {
      resolve(host);
    } catch (RefusedAddressException e) {
      throw e;
    } catch (UnknownHostException e) {
      // The proxy's rules are the owner's, too.
    }
  }

  /** Whether all its addresses lie in networks that the owner allowed by name. */
  boolean allowedByOwner(String host) throws UnknownHostException {
    for (InetAddress address : lookup.addresses(host)) {
      if (!networks.allows(address)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public String resolveCanonicalHostname(String host) throws UnknownHostException {
    return host;
  }
}

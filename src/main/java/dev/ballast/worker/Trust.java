package dev.ballast.worker;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** Certificates that servers are recognised by. */
public final class Trust {
  private Trust() {}

  /**
   * Trusts what the certificates in that file (PEM) signed, and nothing else.
   *
   * @throws IOException when it cannot be read, or holds no certificate
   */
  public static SSLContext only(Path certificates) throws IOException {
    return context(List.of(), certificates);
  }

  /** The same, and what this platform trusts. */
  static SSLContext also(Path certificates) throws IOException {
    try {
      TrustManagerFactory platform =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      platform.init((KeyStore) null);
      List<Certificate> known = new ArrayList<>();
      for (TrustManager manager : platform.getTrustManagers()) {
        if (manager instanceof X509TrustManager trusted) {
          known.addAll(List.of(trusted.getAcceptedIssuers()));
        }
      }
      return context(known, certificates);
    } catch (GeneralSecurityException e) {
      throw new IOException("what this platform trusts cannot be read: " + e.getMessage(), e);
    }
  }

  private static SSLContext context(List<Certificate> known, Path certificates) throws IOException {
    try (InputStream file = Files.newInputStream(certificates)) {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      int count = 0;
      for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(file)) {
        store.setCertificateEntry("ca-" + count++, each);
      }
      if (count == 0) {
        throw new IOException(certificates + " holds no certificate (PEM)");
      }
      for (Certificate each : known) {
        store.setCertificateEntry("ca-" + count++, each);
      }
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException(certificates + " holds no certificate (PEM): " + e.getMessage(), e);
    }
  }
}

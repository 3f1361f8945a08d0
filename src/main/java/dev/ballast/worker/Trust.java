package dev.ballast.worker;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Certificates that a controller is recognised by, beside those of the platform: none of them. */
public final class Trust {
  private Trust() {}

  /**
   * Trusts what the certificates in that file (PEM) signed, and nothing else.
   *
   * @throws IOException when it cannot be read, or holds no certificate
   */
  public static SSLContext only(Path certificates) throws IOException {
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

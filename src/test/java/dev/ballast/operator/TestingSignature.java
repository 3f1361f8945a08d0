package dev.ballast.operator;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;

/** Signs tokens as the API server does, with its key: it makes none that expires soon. */
final class TestingSignature {
  private TestingSignature() {}

  /** The same token, with another end of its life. */
  static String resigned(Path signingKey, String token, Duration life)
      throws GeneralSecurityException, IOException {
    String[] parts = token.split("\\.", -1);
    String claims =
        new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8)
            .replaceAll("\"exp\":\\d+", "\"exp\":" + Instant.now().plus(life).getEpochSecond())
            .replaceAll(
                "\"(iat|nbf)\":\\d+", "\"$1\":" + Instant.now().minusSeconds(600).getEpochSecond());
    Base64.Encoder encoder = Base64.getUrlEncoder().withoutPadding();
    String signed =
        parts[0] + "." + encoder.encodeToString(claims.getBytes(StandardCharsets.UTF_8));
    String pem = Files.readString(signingKey);
    byte[] key = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
    Signature signature = Signature.getInstance("SHA256withRSA");
    signature.initSign(
        KeyFactory.getInstance("RSA")
            .generatePrivate(
                pem.contains("BEGIN RSA")
                    ? new PKCS8EncodedKeySpec(wrapped(key))
                    : new PKCS8EncodedKeySpec(key)));
    signature.update(signed.getBytes(StandardCharsets.US_ASCII));
    return signed + "." + encoder.encodeToString(signature.sign());
  }

  /** An RSA key of PKCS #1 in the envelope of PKCS #8 (RFC 5208). */
  private static byte[] wrapped(byte[] key) {
    byte[] head = HexFormat.of().parseHex("020100300d06092a864886f70d0101010500");
    ByteArrayOutputStream inner = new ByteArrayOutputStream();
    inner.writeBytes(head);
    inner.writeBytes(HexFormat.of().parseHex("0482%04x".formatted(key.length)));
    inner.writeBytes(key);
    ByteArrayOutputStream outer = new ByteArrayOutputStream();
    outer.writeBytes(HexFormat.of().parseHex("3082%04x".formatted(inner.size())));
    outer.writeBytes(inner.toByteArray());
    return outer.toByteArray();
  }
}

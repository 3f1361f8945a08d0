package dev.ballast.cli.command;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The version that the build wrote down. */
public final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() throws IOException {
    return new String[] {"ballast " + read()};
  }

  public static String read() throws IOException {
    Properties properties = new Properties();
    try (InputStream file = Version.class.getResourceAsStream("/version.properties")) {
      if (file == null) {
        throw new IOException("version.properties is not in the application");
      }
      properties.load(file);
    }
    return properties.getProperty("version");
  }
}

package dev.ballast.store;

import java.util.Locale;

/** A form of file that other tools read. */
public enum FileForm {
  PARQUET("application/vnd.apache.parquet", "FORMAT parquet, COMPRESSION zstd"),
  CSV("text/csv", "FORMAT csv, HEADER");

  private final String mediaType;
  private final String options;

  FileForm(String mediaType, String options) {
    this.mediaType = mediaType;
    this.options = options;
  }

  public String mediaType() {
    return mediaType;
  }

  /** Of DuckDB's COPY. */
  String options() {
    return options;
  }

  /** Also the ending of file names, for example {@code csv}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}

package dev.ballast.operator.validation;

import java.util.Map;

/**
 * One document of a file as plain values: {@code Map}, {@code List}, {@code String}, {@code
 * Boolean}, {@code Long}, {@code BigInteger}, {@code Double}. Empty fields are left out, as {@code
 * kubectl apply} does.
 */
record YamlDocument(Map<String, Object> content, Origin origin) {}

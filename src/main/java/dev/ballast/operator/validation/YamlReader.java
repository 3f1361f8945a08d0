package dev.ballast.operator.validation;

import java.io.StringReader;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * Turns YAML (or JSON) into plain values that know their lines. Scalars are read as {@code kubectl}
 * reads them.
 */
final class YamlReader {
  static final int MAX_CHARACTERS = 1 << 20;
  private static final int MAX_DEPTH = 50;
  private static final int MAX_VALUES = 200_000;

  private static final Pattern DECIMAL = Pattern.compile("[-+]?(0|[1-9][0-9]*)");
  private static final Pattern RADIX =
      Pattern.compile("[-+]?0([xX][0-9a-fA-F]+|[oO]?[0-7]+|[bB][01]+)");
  private static final Pattern FLOAT =
      Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?");

  private final String file;
  private final List<YamlDocument> documents = new ArrayList<>();
  private final List<Problem> problems = new ArrayList<>();
  private int values;

  private YamlReader(String file) {
    this.file = file;
  }

  /** Documents of the text, and the problems that kept others from being read. */
  record Reading(List<YamlDocument> documents, List<Problem> problems) {}

  static Reading read(String file, String text) {
    YamlReader reader = new YamlReader(file);
    if (text.length() > MAX_CHARACTERS) {
      reader.problem(
          0,
          "",
          "has %,d characters; at most %,d are read.".formatted(text.length(), MAX_CHARACTERS),
          "Split it into several files.");
    } else {
      reader.readAll(text);
    }
    return new Reading(reader.documents, reader.problems);
  }

  private void readAll(String text) {
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit(MAX_CHARACTERS);
    options.setNestingDepthLimit(MAX_DEPTH);
    options.setMaxAliasesForCollections(50);
    try {
      Iterator<Node> nodes =
          new Yaml(new SafeConstructor(options)).composeAll(new StringReader(text)).iterator();
      while (nodes.hasNext()) {
        readDocument(nodes.next());
      }
    } catch (MarkedYAMLException e) {
      int line = e.getProblemMark() == null ? 0 : e.getProblemMark().getLine() + 1;
      problem(line, "", "is not YAML: %s.".formatted(e.getProblem()), hint(e.getProblem()));
    } catch (YAMLException e) {
      problem(0, "", "cannot be read: %s.".formatted(String.valueOf(e.getMessage())), "");
    }
  }

  private static String hint(@org.jspecify.annotations.Nullable String problem) {
    return problem != null && problem.contains("'\\t(TAB)'")
        ? "Indent with spaces, not with tabs."
        : "";
  }

  private void readDocument(Node root) {
    if (root instanceof ScalarNode scalar && scalar.getTag().equals(Tag.NULL)) {
      return;
    }
    if (!(root instanceof MappingNode mapping)) {
      problem(
          line(root), "", "is not a resource.", "It begins with: apiVersion: ballast.dev/v1alpha1");
      return;
    }
    Map<String, Integer> lines = new HashMap<>();
    int before = problems.size();
    Map<String, Object> content = mapping(mapping, "", lines, 0);
    if (problems.size() == before) {
      documents.add(new YamlDocument(content, new Origin(file, line(root), lines)));
    }
  }

  private Optional<Object> value(Node node, String path, Map<String, Integer> lines, int depth) {
    if (++values > MAX_VALUES || depth > MAX_DEPTH) {
      if (values <= MAX_VALUES + 1) {
        values = MAX_VALUES + 1;
        problem(line(node), path, "is too large once its aliases are followed.", "Write it out.");
      }
      return Optional.empty();
    }
    if (node instanceof MappingNode mapping) {
      return Optional.of(mapping(mapping, path, lines, depth + 1));
    }
    if (node instanceof SequenceNode sequence) {
      List<Object> items = new ArrayList<>();
      for (Node item : sequence.getValue()) {
        String itemPath = "%s[%d]".formatted(path, items.size());
        lines.putIfAbsent(itemPath, line(item));
        Optional<Object> read = value(item, itemPath, lines, depth + 1);
        if (read.isEmpty() && item instanceof ScalarNode scalar && isNull(scalar)) {
          problem(line(item), itemPath, "is empty.", "Remove it, or write a value.");
        }
        items.add(read.orElse(""));
      }
      return Optional.of(items);
    }
    return node instanceof ScalarNode scalar ? scalar(scalar, path) : Optional.empty();
  }

  private Map<String, Object> mapping(
      MappingNode node, String path, Map<String, Integer> lines, int depth) {
    Map<String, Object> entries = new LinkedHashMap<>();
    List<Node> merged = new ArrayList<>();
    Map<String, Integer> seen = new HashMap<>();
    for (NodeTuple tuple : node.getValue()) {
      if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
        problem(line(tuple.getKeyNode()), path, "a key must be a word.", "");
        continue;
      }
      if (key.getTag().equals(Tag.MERGE)) {
        merged.add(tuple.getValueNode());
        continue;
      }
      String name = key.getValue();
      String childPath = path.isEmpty() ? name : path + "." + name;
      Integer first = seen.putIfAbsent(name, line(key));
      if (first != null) {
        problem(
            line(key),
            childPath,
            "\"%s\" is there twice, first on line %d.".formatted(name, first),
            "Remove one of them.");
        continue;
      }
      lines.put(childPath, line(key));
      value(tuple.getValueNode(), childPath, lines, depth)
          .ifPresent(value -> entries.put(name, value));
    }
    for (Node base : merged) {
      merge(base, path, lines, depth, entries);
    }
    return entries;
  }

  private void merge(
      Node base, String path, Map<String, Integer> lines, int depth, Map<String, Object> entries) {
    if (depth > MAX_DEPTH) {
      problem(line(base), path, "merges itself.", "");
    } else if (base instanceof MappingNode mapping) {
      Map<String, Integer> own = new HashMap<>();
      mapping(mapping, path, own, depth + 1).forEach(entries::putIfAbsent);
      own.forEach(lines::putIfAbsent);
    } else if (base instanceof SequenceNode sequence) {
      sequence.getValue().forEach(item -> merge(item, path, lines, depth + 1, entries));
    } else {
      problem(line(base), path, "<< needs a mapping.", "Write <<: *name of an anchored mapping.");
    }
  }

  private Optional<Object> scalar(ScalarNode node, String path) {
    String text = node.getValue();
    Tag tag = node.getTag();
    if (!node.isPlain()) {
      if (!tag.equals(Tag.STR)) {
        problem(line(node), path, "the tag %s is not known.".formatted(tag), "Remove it.");
      }
      return Optional.of(text);
    }
    if (isNull(node)) {
      return Optional.empty();
    }
    if (tag.equals(Tag.BOOL)) {
      return Optional.of(
          switch (text.toLowerCase(java.util.Locale.ROOT)) {
            case "true", "yes", "on" -> true;
            default -> false;
          });
    }
    if (!List.of(Tag.STR, Tag.INT, Tag.FLOAT, Tag.TIMESTAMP).contains(tag)) {
      problem(line(node), path, "the tag %s is not known.".formatted(tag), "Remove it.");
      return Optional.of(text);
    }
    return Optional.of(number(text));
  }

  /** The number that a plain word is, or the word. */
  private static Object number(String text) {
    if (text.length() > 40) {
      return text;
    }
    if (DECIMAL.matcher(text).matches()) {
      return integer(new BigInteger(text.startsWith("+") ? text.substring(1) : text));
    }
    if (RADIX.matcher(text).matches()) {
      boolean negative = text.startsWith("-");
      String digits = text.replaceFirst("^[-+]?0", "");
      int radix =
          switch (digits.charAt(0)) {
            case 'x', 'X' -> 16;
            case 'b', 'B' -> 2;
            default -> 8;
          };
      BigInteger value = new BigInteger(digits.replaceFirst("^[xXbBoO]", ""), radix);
      return integer(negative ? value.negate() : value);
    }
    if (FLOAT.matcher(text).matches()) {
      double value = Double.parseDouble(text);
      boolean whole = value == Math.rint(value) && Math.abs(value) < 1L << 53;
      return whole ? (Object) (long) value : (Object) value;
    }
    return text;
  }

  private static Object integer(BigInteger value) {
    return value.bitLength() < 64 ? (Object) value.longValue() : value;
  }

  private static boolean isNull(ScalarNode node) {
    return node.isPlain() && node.getTag().equals(Tag.NULL);
  }

  private static int line(Node node) {
    return node.getStartMark() == null ? 0 : node.getStartMark().getLine() + 1;
  }

  private void problem(int line, String path, String message, String advice) {
    problems.add(new Problem(file, line, path, message, advice));
  }
}

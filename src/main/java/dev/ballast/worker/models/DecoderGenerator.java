package dev.ballast.worker.models;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes a small decoder-only transformer with a KV cache as an ONNX file (opset 17): the
 * architecture and the cost are those of a language model, the weights are random, and what it says
 * means nothing. The same seed gives the same bytes on every machine.
 *
 * <p>Of pre-norm GPT-2 shape: learned positions, {@value #LAYERS} layers, width {@value #WIDTH},
 * {@value #HEADS} heads, GELU, {@value #VOCABULARY} tokens, 3.8 million weights. One graph serves
 * prompt and single token: the caller feeds the cache of the previous call, positions, and the
 * causal mask as a bias that is added to the attention scores.
 *
 * <p>Uses nothing but the JDK, because the build runs this file alone, before it compiles anything.
 */
public final class DecoderGenerator {
  public static final int LAYERS = 4;
  public static final int WIDTH = 256;
  public static final int HEADS = 4;
  public static final int HEAD_SIZE = WIDTH / HEADS;
  public static final int VOCABULARY = 1024;
  public static final int POSITIONS = 256;

  private static final int FLOAT = 1;
  private static final int INT64 = 7;

  private final Message graph = new Message();
  private long state;
  private int names;

  private DecoderGenerator(long seed) {
    state = seed;
  }

  /** The bytes of the model. */
  public static byte[] generate(long seed) {
    return new DecoderGenerator(seed).model();
  }

  /** Arguments: the file to write, and the seed. */
  public static void main(String[] arguments) throws IOException {
    Path file = Path.of(arguments[0]);
    Files.write(file, generate(Long.parseLong(arguments[1])));
  }

  private byte[] model() {
    input("input_ids", INT64, 1, "sequence");
    input("position_ids", INT64, 1, "sequence");
    input("attention_bias", FLOAT, 1, 1, "sequence", "total");

    String tokens = node("Gather", weights("token_embedding", 1, VOCABULARY, WIDTH), "input_ids");
    String places =
        node("Gather", weights("position_embedding", 0.1, POSITIONS, WIDTH), "position_ids");
    String hidden = node("Add", tokens, places);
    List<Message> presents = new ArrayList<>();
    for (int layer = 0; layer < LAYERS; layer++) {
      hidden =
          node("Add", hidden, attention(layer, norm("attention_norm_" + layer, hidden), presents));
      hidden = node("Add", hidden, feedForward(layer, norm("mlp_norm_" + layer, hidden)));
    }
    named(
        "MatMul", "logits", List.of(norm("final_norm", hidden), matrix("head", WIDTH, VOCABULARY)));

    graph.field(2, "tiny-decoder");
    graph.field(12, valueInfo("logits", FLOAT, 1, "sequence", VOCABULARY));
    presents.forEach(present -> graph.field(12, present));

    Message opset = new Message().field(1, "").field(2, 17);
    return new Message()
        .field(1, 8)
        .field(2, "ballast")
        .field(6, "Random weights: a real architecture, meaningless output.")
        .field(7, graph)
        .field(8, opset)
        .bytes();
  }

  private String attention(int layer, String hidden, List<Message> presents) {
    String query = heads(hidden, matrix("query_" + layer, WIDTH, WIDTH));
    String key =
        cached("key", layer, heads(hidden, matrix("key_" + layer, WIDTH, WIDTH)), presents);
    String value =
        cached("value", layer, heads(hidden, matrix("value_" + layer, WIDTH, WIDTH)), presents);
    String turned = permuted(key, 0, 1, 3, 2);
    String scores =
        node(
            "Mul",
            node("MatMul", query, turned),
            scalar("scale_" + layer, 1 / Math.sqrt(HEAD_SIZE)));
    String masked = node("Add", scores, "attention_bias");
    String share = named("Softmax", "share_" + layer, List.of(masked), attribute("axis", -1));
    String mixed = permuted(node("MatMul", share, value), 0, 2, 1, 3);
    String joined = node("Reshape", mixed, shape("joined_shape_" + layer, 0, 0, WIDTH));
    return node("MatMul", joined, matrix("output_" + layer, WIDTH, WIDTH));
  }

  private String heads(String hidden, String matrix) {
    String projected = node("MatMul", hidden, matrix);
    return permuted(
        node("Reshape", projected, shape(matrix + "_shape", 0, 0, HEADS, HEAD_SIZE)), 0, 2, 1, 3);
  }

  private String cached(String what, int layer, String fresh, List<Message> presents) {
    String past = "past_%s_%d".formatted(what, layer);
    String present = "present_%s_%d".formatted(what, layer);
    input(past, FLOAT, 1, HEADS, "past", HEAD_SIZE);
    presents.add(valueInfo(present, FLOAT, 1, HEADS, "total", HEAD_SIZE));
    return named("Concat", present, List.of(past, fresh), attribute("axis", 2));
  }

  private String feedForward(int layer, String hidden) {
    String wide =
        node(
            "Add",
            node("MatMul", hidden, matrix("up_" + layer, WIDTH, 4 * WIDTH)),
            weights("up_bias_" + layer, 0.1, 4 * WIDTH));
    String error = node("Erf", node("Div", wide, scalar("root_" + layer, Math.sqrt(2))));
    String gate = node("Add", error, scalar("one_" + layer, 1));
    String gelu = node("Mul", node("Mul", wide, gate), scalar("half_" + layer, 0.5));
    return node(
        "Add",
        node("MatMul", gelu, matrix("down_" + layer, 4 * WIDTH, WIDTH)),
        weights("down_bias_" + layer, 0.1, WIDTH));
  }

  private String norm(String name, String hidden) {
    String scale = constant(name + "_scale", new int[] {WIDTH}, 1);
    String bias = constant(name + "_bias", new int[] {WIDTH}, 0);
    return named("LayerNormalization", name, List.of(hidden, scale, bias), attribute("axis", -1));
  }

  private String permuted(String input, int... order) {
    Message permutation = new Message().field(1, "perm");
    for (int axis : order) {
      permutation.field(8, axis);
    }
    return named("Transpose", "t" + names++, List.of(input), permutation.field(20, 7));
  }

  private String node(String operator, String... inputs) {
    return named(operator, "n" + names++, List.of(inputs));
  }

  private String named(String operator, String output, List<String> inputs, Message... attributes) {
    Message node = new Message();
    inputs.forEach(input -> node.field(1, input));
    node.field(2, output).field(3, operator + "_" + output).field(4, operator);
    for (Message attribute : attributes) {
      node.field(5, attribute);
    }
    graph.field(1, node);
    return output;
  }

  private static Message attribute(String name, int value) {
    return new Message().field(1, name).field(3, value).field(20, 2);
  }

  private void input(String name, int type, Object... dimensions) {
    graph.field(11, valueInfo(name, type, dimensions));
  }

  private static Message valueInfo(String name, int type, Object... dimensions) {
    Message shape = new Message();
    for (Object dimension : dimensions) {
      Message size = new Message();
      shape.field(
          1,
          dimension instanceof Integer number
              ? size.field(1, number)
              : size.field(2, dimension.toString()));
    }
    Message tensor = new Message().field(1, type).field(2, shape);
    return new Message().field(1, name).field(2, new Message().field(1, tensor));
  }

  /**
   * Uniform numbers of variance {@code 1 / rows}, so that the signal keeps its size from layer to
   * layer.
   */
  private String matrix(String name, int rows, int columns) {
    return weights(name, 1 / Math.sqrt(rows), rows, columns);
  }

  private String weights(String name, double deviation, int... shape) {
    float reach = (float) (deviation * Math.sqrt(3));
    return tensor(name, shape, () -> reach * (2 * uniform() - 1));
  }

  private String scalar(String name, double value) {
    return constant(name, new int[0], value);
  }

  private String constant(String name, int[] shape, double value) {
    return tensor(name, shape, () -> (float) value);
  }

  private String tensor(String name, int[] shape, FloatSource source) {
    int count = 1;
    for (int dimension : shape) {
      count *= dimension;
    }
    ByteBuffer data = ByteBuffer.allocate(count * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      data.putFloat(source.next());
    }
    initializer(name, FLOAT, shape, data.array());
    return name;
  }

  private String shape(String name, long... dimensions) {
    ByteBuffer data =
        ByteBuffer.allocate(dimensions.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (long dimension : dimensions) {
      data.putLong(dimension);
    }
    initializer(name, INT64, new int[] {dimensions.length}, data.array());
    return name;
  }

  private void initializer(String name, int type, int[] shape, byte[] data) {
    Message tensor = new Message();
    for (int dimension : shape) {
      tensor.field(1, dimension);
    }
    graph.field(5, tensor.field(2, type).field(8, name).field(9, data));
  }

  /**
   * SplitMix64 (Steele, Lea, Flood 2014), its upper 24 bits as a float in [0, 1): exact, so the
   * same everywhere.
   */
  private float uniform() {
    state += 0x9e3779b97f4a7c15L;
    long mixed = (state ^ (state >>> 30)) * 0xbf58476d1ce4e5b9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
    return ((mixed ^ (mixed >>> 31)) >>> 40) * 0x1.0p-24f;
  }

  @FunctionalInterface
  private interface FloatSource {
    float next();
  }

  /** The little of protocol buffers that an ONNX file needs: varints, and fields with a length. */
  private static final class Message {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Message field(int number, long value) {
      varint((long) number << 3);
      varint(value);
      return this;
    }

    Message field(int number, String text) {
      return field(number, text.getBytes(StandardCharsets.UTF_8));
    }

    Message field(int number, Message nested) {
      return field(number, nested.bytes());
    }

    Message field(int number, byte[] bytes) {
      varint(((long) number << 3) | 2);
      varint(bytes.length);
      out.writeBytes(bytes);
      return this;
    }

    byte[] bytes() {
      return out.toByteArray();
    }

    private void varint(long value) {
      long rest = value;
      while ((rest & ~0x7fL) != 0) {
        out.write((int) ((rest & 0x7f) | 0x80));
        rest >>>= 7;
      }
      out.write((int) rest);
    }
  }
}

package dev.ballast.worker;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Writes ONNX files of one node, opset 17, whose tensors all have {@value #LENGTH} elements. */
final class TestingOnnx {
  /** So many that one run takes longer than the coarsest of timers can tell apart. */
  static final int LENGTH = 1 << 14;

  static final int FLOAT = 1;
  static final int INT64 = 7;

  private TestingOnnx() {}

  /** {@code y = op(x, x, …)} with {@code arity} arguments of that element type. */
  static byte[] model(String op, int arity, int type) {
    byte[] node = new byte[0];
    for (int i = 0; i < arity; i++) {
      node = join(node, field(1, text("x")));
    }
    node = join(node, field(2, text("y")), field(4, text(op)));
    byte[] graph =
        join(
            field(1, node),
            field(2, text("graph")),
            field(11, tensor("x", type)),
            field(12, tensor("y", type)));
    return join(number(1, 8), field(7, graph), field(8, join(field(1, text("")), number(2, 17))));
  }

  /**
   * The model with that value for a scalar input that is a 64-bit integer: messages of protobuf are
   * merged by joining their bytes.
   */
  static byte[] fixed(byte[] model, String input, int value) {
    byte[] tensor = join(number(2, INT64), field(7, varint(value)), field(8, text(input)));
    return join(model, field(7, field(5, tensor)));
  }

  private static byte[] tensor(String name, int type) {
    byte[] shape = field(1, number(1, LENGTH));
    byte[] tensorType = join(number(1, type), field(2, shape));
    return join(field(1, text(name)), field(2, field(1, tensorType)));
  }

  private static byte[] text(String value) {
    return value.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] number(int field, int value) {
    return join(varint(field << 3), varint(value));
  }

  private static byte[] field(int field, byte[] content) {
    return join(varint((field << 3) | 2), varint(content.length), content);
  }

  private static byte[] varint(int value) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    int rest = value;
    while (rest > 127) {
      bytes.write((rest & 127) | 128);
      rest >>>= 7;
    }
    bytes.write(rest);
    return bytes.toByteArray();
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      bytes.writeBytes(part);
    }
    return bytes.toByteArray();
  }
}

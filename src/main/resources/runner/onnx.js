// Reads the little of an ONNX file that the page must know before a session exists: names, types and dimensions of the
// graph's inputs, and how many nodes there are. WebNN needs every symbolic dimension fixed when the session is created.

const TYPES = {
  1: 'float32',
  2: 'uint8',
  3: 'int8',
  4: 'uint16',
  5: 'int16',
  6: 'int32',
  7: 'int64',
  9: 'bool',
  10: 'float16',
  11: 'float64',
  12: 'uint32',
  13: 'uint64',
};

/** The fields of one protobuf message: {@code visit(number, value)}, value a number or the bytes of a nested field. */
function fields(bytes, visit) {
  let at = 0;
  const varint = () => {
    let value = 0;
    let factor = 1;
    for (;;) {
      const byte = bytes[at++];
      if (byte === undefined) {
        throw new Error('it ends in the middle of a field');
      }
      value += (byte & 127) * factor;
      if (byte < 128) {
        return value;
      }
      factor *= 128;
    }
  };
  while (at < bytes.length) {
    const tag = varint();
    const number = Math.floor(tag / 8);
    switch (tag % 8) {
      case 0:
        visit(number, varint());
        break;
      case 1:
        at += 8;
        break;
      case 2: {
        const length = varint();
        if (at + length > bytes.length) {
          throw new Error('it ends in the middle of a field');
        }
        visit(number, bytes.subarray(at, at + length));
        at += length;
        break;
      }
      case 5:
        at += 4;
        break;
      default:
        throw new Error(`wire type ${tag % 8} is not protobuf`);
    }
  }
}

const text = (bytes) => new TextDecoder().decode(bytes);

function tensorType(bytes) {
  const type = { type: undefined, shape: [] };
  fields(bytes, (number, value) => {
    if (number === 1) {
      fields(value, (inner, content) => {
        if (inner === 1) {
          type.type = TYPES[content] ?? `onnx type ${content}`;
        } else if (inner === 2) {
          fields(content, (_, dimension) => {
            let size = null;
            fields(dimension, (kind, it) => {
              size = kind === 1 ? it : kind === 2 ? text(it) : size;
            });
            type.shape.push(size);
          });
        }
      });
    }
  });
  return type;
}

/** {@code {inputs: [{name, type, shape}], nodes}}; a dimension is a number, its symbol, or null. */
export function describe(bytes) {
  const graph = { inputs: [], nodes: 0 };
  const initializers = new Set();
  fields(bytes, (number, value) => {
    if (number !== 7) {
      return;
    }
    fields(value, (field, content) => {
      if (field === 1) {
        graph.nodes++;
      } else if (field === 5) {
        fields(content, (inner, name) => inner === 8 && initializers.add(text(name)));
      } else if (field === 11) {
        let name = '';
        let type = {};
        fields(content, (inner, it) => {
          if (inner === 1) {
            name = text(it);
          } else if (inner === 2) {
            type = tensorType(it);
          }
        });
        graph.inputs.push({ name, ...type });
      }
    });
  });
  graph.inputs = graph.inputs.filter((input) => !initializers.has(input.name));
  return graph;
}

/** What to feed a model whose inputs nobody described: symbolic dimensions 1, seeded random numbers. */
export function defaultInputs(graph) {
  return graph.inputs.map(({ name, type, shape }) => ({
    name,
    type,
    shape: shape.map((dimension) => (typeof dimension === 'number' && dimension > 0 ? dimension : 1)),
    fill: 'random',
  }));
}

/** The value of every symbolic dimension, as the shapes of the inputs fix it. */
export function dimensionValues(graph, inputs) {
  const values = {};
  for (const declared of graph.inputs) {
    const given = inputs.find((input) => input.name === declared.name);
    declared.shape.forEach((dimension, i) => {
      if (given && typeof dimension === 'string') {
        values[dimension] = given.shape[i];
      }
    });
  }
  return values;
}

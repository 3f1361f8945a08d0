// Input tensors, the same to the bit in every browser and in src/main/runner/golden.py: integers are drawn first and
// divided by a power of two last, so that no rounding can differ.

/** Marsaglia's xorshift32, seeded so that neighbouring seeds are unlike each other and the state is never 0. */
export function xorshift32(seed) {
  let x = seed | 0;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  x = (x ^ (x >>> 16)) >>> 0 || 0x9e3779b9;
  return () => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return (x >>>= 0);
  };
}

/** Triangle wave: a 16-bit phase to -16384 … 16383. */
function triangle(phase) {
  const p = phase & 65535;
  return (p < 32768 ? p : 65535 - p) - 16384;
}

/** 16 kHz audio: a 150 Hz voice with two formants, and a little noise. */
function tone(next) {
  return (i) => {
    const noise = (next() >>> 20) - 2048;
    return (2 * triangle(i * 614) + triangle(i * 2867) + triangle(i * 9830) + noise) / 65536;
  };
}

/** An NCHW image in -1 … 1: grey paper, lighter to the right, with rows of dark strokes that look like print. */
function image(shape) {
  const [, channels, height, width] = shape;
  return (i) => {
    const x = i % width;
    const y = Math.floor(i / width) % height;
    const channel = Math.floor(i / (width * height)) % channels;
    const row = y & 31;
    const glyph = xorshift32((x >> 3) * 131 + (y >> 5) * 65537 + 1)();
    const stroke = row >= 8 && row < 24 && (x & 7) < 6 && ((glyph >>> (((row - 8) >> 2) * 3 + ((x & 7) >> 1))) & 1) === 1;
    const value = stroke ? 24 + 8 * channel : 192 + Math.floor((x * 48) / width) + 4 * channel;
    return (value - 128) / 128;
  };
}

const INTEGERS = new Set(['int8', 'uint8', 'int16', 'uint16', 'int32', 'uint32', 'int64', 'uint64', 'bool']);

function sequence(input, seed) {
  const integer = INTEGERS.has(input.type);
  const next = xorshift32(seed);
  switch (input.fill) {
    case 'zeros':
      return () => 0;
    case 'ones':
      return () => 1;
    case 'ramp':
      return input.type === 'bool' ? (i) => i & 1 : (i) => i;
    case 'random':
      return integer ? () => next() >>> 31 : () => (next() >>> 8) / 16777216;
    case 'noise':
      return () => ((next() >>> 8) - 8388608) / 8388608;
    case 'tone':
      return tone(next);
    case 'image':
      return image(input.shape);
    case 'values':
      return (i) => input.values[i % input.values.length];
    default:
      throw new Error(
        `input "${input.name}": "${input.fill}" is not a fill. Known: zeros, ones, ramp, random, noise, tone, image, values.`,
      );
  }
}

export function elements(shape) {
  return shape.reduce((product, dimension) => product * dimension, 1);
}

const ARRAYS = {
  float32: Float32Array,
  float64: Float64Array,
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  int64: BigInt64Array,
  uint64: BigUint64Array,
  bool: Uint8Array,
};

/** Bits of the half-precision number nearest to {@code value}, ties to even. */
export function float16Bits(value) {
  const bits = new Uint32Array(new Float32Array([value]).buffer)[0];
  const sign = (bits >>> 16) & 0x8000;
  const exponent = ((bits >>> 23) & 0xff) - 112;
  const fraction = bits & 0x7fffff;
  if (exponent >= 31) {
    return sign | 0x7c00;
  }
  if (exponent < -10) {
    return sign;
  }
  const full = exponent <= 0 ? (fraction | 0x800000) >>> 0 : fraction;
  const shift = exponent <= 0 ? 14 - exponent : 13;
  const kept = full >>> shift;
  const rest = full & ((1 << shift) - 1);
  const half = 1 << (shift - 1);
  const rounded = kept + (rest > half || (rest === half && (kept & 1) === 1) ? 1 : 0);
  return sign | ((exponent <= 0 ? 0 : exponent << 10) + rounded);
}

/** The data of one input, as the typed array that ONNX Runtime wants for its type. */
export function fill(input, index, seed) {
  const at = sequence(input, (seed + Math.imul(index, 0x9e3779b1)) | 0);
  const count = elements(input.shape);
  if (input.type === 'float16') {
    const bits = new Uint16Array(count);
    for (let i = 0; i < count; i++) {
      bits[i] = float16Bits(at(i));
    }
    return typeof Float16Array === 'undefined' ? bits : new Float16Array(bits.buffer);
  }
  const ArrayType = ARRAYS[input.type];
  if (!ArrayType) {
    throw new Error(`input "${input.name}": "${input.type}" is not an element type. Maybe "float32" or "int64"?`);
  }
  const data = new ArrayType(count);
  const wide = input.type === 'int64' || input.type === 'uint64';
  for (let i = 0; i < count; i++) {
    data[i] = wide ? BigInt(at(i)) : at(i);
  }
  return data;
}

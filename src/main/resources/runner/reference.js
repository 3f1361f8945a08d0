// How an output is compared with a reference: 64 fixed positions, and three figures over all elements, so that an
// error elsewhere shows too. Golden files (models/golden/*.json) hold the same digest.

const POSITIONS = 64;

/** Knuth's multiplicative hash: scatters the positions, where an even step could meet one column of an image only. */
const STRIDE = 2654435761;

/** A number for every element type: bigint, bool and half precision too. */
function numbers(data) {
  return typeof data[0] === 'bigint' ? Array.from(data, Number) : data;
}

/** What is kept of one output tensor. Not finite elements are counted, and left out of the figures. */
export function digest(name, shape, data) {
  const all = numbers(data);
  const count = all.length;
  const values = [];
  const kept = Math.min(POSITIONS, count);
  for (let i = 0; i < kept; i++) {
    values.push(all[count > POSITIONS ? (i * STRIDE) % count : i]);
  }
  let sum = 0;
  let squares = 0;
  let largest = 0;
  let notFinite = 0;
  for (let i = 0; i < count; i++) {
    const value = all[i];
    if (!Number.isFinite(value)) {
      notFinite++;
      continue;
    }
    sum += value;
    squares += value * value;
    largest = Math.max(largest, Math.abs(value));
  }
  return {
    name,
    shape: Array.from(shape),
    values,
    mean: count ? sum / count : 0,
    rms: count ? Math.sqrt(squares / count) : 0,
    largest,
    notFinite,
  };
}

/**
 * The largest difference, in units of max(1, largest magnitude of the reference): absolute for outputs up to 1,
 * relative to the output's scale beyond. An output that is missing, or has another shape, differs by {@code null}.
 */
export function maxError(actual, expected) {
  let worst = 0;
  for (const reference of expected) {
    const output = actual.find((candidate) => candidate.name === reference.name);
    if (!output || output.shape.join() !== reference.shape.join() || output.values.length !== reference.values.length) {
      return null;
    }
    const scale = Math.max(1, reference.largest);
    for (let i = 0; i < reference.values.length; i++) {
      worst = Math.max(worst, Math.abs(output.values[i] - reference.values[i]) / scale);
    }
    for (const figure of ['mean', 'rms', 'largest']) {
      worst = Math.max(worst, Math.abs(output[figure] - reference[figure]) / scale);
    }
    if (Number.isNaN(worst)) {
      return null;
    }
  }
  return worst;
}

export function isFinite(digests) {
  return digests.every((output) => output.notFinite === 0);
}

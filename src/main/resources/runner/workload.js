// What one iteration is: a single inference, or the generation of a fixed number of tokens.

import { fill } from './inputs.js';
import { digest, isFinite, maxError } from './reference.js';

/** One inference on fixed inputs. Outputs come back to the CPU, so a GPU has finished when {@code run} has. */
export class SingleRun {
  constructor(session, model, inputs, seed) {
    this.session = session;
    this.feeds = {};
    inputs.forEach((input, index) => {
      this.feeds[input.name] = new session.runtime.ort.Tensor(input.type, fill(input, index, seed), input.shape);
    });
  }

  async run() {
    return { outputs: await this.session.run(this.feeds) };
  }

  digests({ outputs }) {
    return Object.entries(outputs).map(([name, tensor]) => digest(name, tensor.dims, tensor.data));
  }

  compare(result, reference) {
    return maxError(this.digests(result), reference.outputs);
  }

  isFinite(result) {
    return isFinite(this.digests(result));
  }
}

/** Greedy generation with a KV cache: the prompt at once, then token by token. On a GPU the cache stays there. */
export class Generation {
  constructor(session, { generate }) {
    this.session = session;
    this.settings = generate;
  }

  async run() {
    const { prompt, tokens, layers, heads, headSize } = this.settings;
    const { Tensor } = this.session.runtime.ort;
    let cache = {};
    for (let layer = 0; layer < layers; layer++) {
      for (const what of ['key', 'value']) {
        cache[`past_${what}_${layer}`] = new Tensor('float32', new Float32Array(0), [1, heads, 0, headSize]);
      }
    }
    const generated = [];
    let step = prompt;
    let past = 0;
    let logits;
    while (generated.length < tokens) {
      const length = step.length;
      const total = past + length;
      const bias = new Float32Array(length * total);
      for (let row = 0; row < length; row++) {
        bias.fill(-10000, row * total + past + row + 1, (row + 1) * total);
      }
      const { logits: all, ...present } = await this.session.run({
        input_ids: new Tensor('int64', BigInt64Array.from(step, BigInt), [1, length]),
        position_ids: new Tensor('int64', BigInt64Array.from(step, (_, i) => BigInt(past + i)), [1, length]),
        attention_bias: new Tensor('float32', bias, [1, 1, length, total]),
        ...cache,
      });
      const vocabulary = all.dims[2];
      logits = all.data.subarray((length - 1) * vocabulary);
      let best = 0;
      for (let i = 1; i < vocabulary; i++) {
        best = logits[i] > logits[best] ? i : best;
      }
      generated.push(best);
      Object.values(cache).forEach((tensor) => tensor.dispose());
      cache = {};
      for (const [name, tensor] of Object.entries(present)) {
        cache[name.replace('present', 'past')] = tensor;
      }
      step = [best];
      past = total;
    }
    Object.values(cache).forEach((tensor) => tensor.dispose());
    return { tokens: generated, logits };
  }

  digests({ logits }) {
    return [digest('logits', [logits.length], logits)];
  }

  /** Other tokens than the reference's differ by more than any tolerance: by how many they are. */
  compare(result, reference) {
    const different = reference.tokens.filter((token, i) => token !== result.tokens[i]).length;
    return different > 0 ? different : maxError(this.digests(result), reference.outputs);
  }

  isFinite(result) {
    return isFinite(this.digests(result));
  }
}

export function workload(session, model, inputs, seed) {
  return model.generate ? new Generation(session, model) : new SingleRun(session, model, inputs, seed);
}

// The page's modules that need no browser. Run by `npm test` in src/main/runner, after a build.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import test from 'node:test';

const resources = new URL('../resources/', import.meta.url);
const page = (name) => import(new URL(`runner/${name}`, resources));
const json = (name) => JSON.parse(fs.readFileSync(new URL(`models/${name}`, resources), 'utf8'));
const { fill, float16Bits } = await page('inputs.js');
const { digest, isFinite, maxError } = await page('reference.js');
const { defaultInputs, describe, dimensionValues } = await page('onnx.js');
const { coded, Failure } = await page('failure.js');

const catalogue = json('catalogue.json');

for (const model of catalogue.models) {
  test(`inputs of ${model.id} are those the golden output was computed on`, () => {
    const golden = json(`golden/${model.id}.json`);
    model.inputs.forEach((input, index) => {
      const data = fill(input, index, model.seed);
      const hash = createHash('sha256').update(Buffer.from(data.buffer)).digest('hex');
      assert.equal(hash, golden.inputs[input.name], input.name);
    });
  });

  test(`the graph of ${model.id} wants the inputs that the catalogue describes`, (t) => {
    const file = new URL(`../../../target/classes/models/${model.file}`, import.meta.url);
    if (!fs.existsSync(file)) {
      t.skip('not built');
      return;
    }
    const graph = describe(fs.readFileSync(file));
    assert.ok(graph.nodes > 1);
    for (const input of model.inputs) {
      const declared = graph.inputs.find((candidate) => candidate.name === input.name);
      assert.equal(declared.type, input.type);
      assert.equal(declared.shape.length, input.shape.length);
    }
  });
}

test('a fill is the same twice, and another with another seed', () => {
  const input = { name: 'x', type: 'float32', shape: [2, 3], fill: 'random' };
  assert.deepEqual(fill(input, 0, 1), fill(input, 0, 1));
  assert.notDeepEqual(fill(input, 0, 1), fill(input, 0, 2));
  assert.notDeepEqual(fill(input, 0, 1), fill(input, 1, 1));
  assert.ok(fill(input, 0, 1).every((value) => value >= 0 && value < 1));
});

test('every element type can be filled', () => {
  const ramp = (type) => Array.from(fill({ name: 'x', type, shape: [3], fill: 'ramp' }, 0, 1), Number);
  for (const type of ['float32', 'int64', 'int32', 'uint8']) {
    assert.deepEqual(ramp(type), [0, 1, 2]);
  }
  assert.deepEqual(ramp('bool'), [0, 1, 0]);
  assert.throws(() => ramp('complex64'), /not an element type/);
  assert.throws(() => fill({ name: 'x', type: 'float32', shape: [1], fill: 'noize' }, 0, 1), /not a fill/);
});

test('half precision is rounded to nearest, ties to even', () => {
  const cases = [[0, 0], [1, 0x3c00], [-2, 0xc000], [65504, 0x7bff], [65520, 0x7c00], [2049, 0x6800], [2051, 0x6802], [6e-8, 1], [2 ** -15, 0x0200], [1 / 3, 0x3555]];
  for (const [value, bits] of cases) {
    assert.equal(float16Bits(value), bits, String(value));
  }
});

test('an error is absolute up to 1, and relative to the scale of the output beyond', () => {
  const of = (...values) => [digest('y', [values.length], Float64Array.from(values))];
  assert.equal(maxError(of(0.5, 0.25), of(0.5, 0.25)), 0);
  assert.ok(Math.abs(maxError(of(0.5, 0.3), of(0.5, 0.25)) - 0.05) < 1e-12);
  assert.ok(Math.abs(maxError(of(100, 51), of(100, 50)) - 0.01) < 1e-12);
  assert.equal(maxError(of(1, 2, 3), of(1, 2)), null);
});

test('an error between the kept positions shows in the figures over all elements', () => {
  const right = new Float32Array(4096).fill(0.5);
  const wrong = right.slice().fill(0, 2000, 2600);
  assert.ok(maxError([digest('y', [4096], wrong)], [digest('y', [4096], right)]) > 0.05);
});

test('NaN and infinity are seen', () => {
  assert.ok(!isFinite([digest('y', [2], Float32Array.of(1, NaN))]));
  assert.ok(!isFinite([digest('y', [2], Float32Array.of(1, -Infinity))]));
  assert.ok(isFinite([digest('y', [2], BigInt64Array.of(1n, 2n))]));
  assert.equal(maxError([digest('y', [1], Float32Array.of(NaN))], [digest('y', [1], Float32Array.of(1))]), null);
});

test('symbolic dimensions are fixed by the shapes of the inputs', () => {
  const graph = { inputs: [{ name: 'x', type: 'float32', shape: ['batch', 3, 'height', null] }], nodes: 1 };
  assert.deepEqual(dimensionValues(graph, [{ name: 'x', shape: [1, 3, 48, 192] }]), { batch: 1, height: 48 });
  assert.deepEqual(defaultInputs(graph)[0].shape, [1, 3, 1, 1]);
});

test('what is no ONNX file is refused', () => {
  assert.throws(() => describe(new TextEncoder().encode('<!doctype html><html></html>')));
});

test('memory and a lost device are told apart from the step they happened in', () => {
  assert.equal(coded(new Error('std::bad_alloc'), 'run-failed').code, 'out-of-memory');
  assert.equal(coded(new Error('GPU device was lost'), 'run-failed').code, 'device-lost');
  assert.equal(coded(new Error('bad shape'), 'run-failed').code, 'run-failed');
  assert.equal(coded(new Failure('model-not-found', 'x'), 'run-failed').code, 'model-not-found');
  assert.match(coded(5289672, 'run-failed').message, /C\+\+ exception/);
});

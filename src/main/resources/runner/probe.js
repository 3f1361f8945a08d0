// The probe page: what this browser can do, found out by doing it. It defines probe(job, report), and reports one
// {type: "capability", capability: {…}} message. What cannot be found out is null.

import { timerResolution } from './clock.js';

const PATIENCE_MILLIS = 15000;

/** The answer of {@code work}; {@code otherwise} when it throws or takes too long. */
async function within(work, otherwise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer in ${PATIENCE_MILLIS} ms`)), PATIENCE_MILLIS);
  });
  try {
    return await Promise.race([work(), late]);
  } catch (error) {
    return otherwise(error);
  } finally {
    clearTimeout(timer);
  }
}

const RASTERISERS = /swiftshader|llvmpipe|lavapipe|softpipe|basic render|software/i;

/** What WebGL calls the hardware; Firefox says nothing in WebGPU, and this here. */
function webglRenderer() {
  const gl = new OffscreenCanvas(1, 1).getContext('webgl');
  if (!gl) {
    return '';
  }
  const unmasked = gl.getExtension('WEBGL_debug_renderer_info');
  return String(gl.getParameter(unmasked ? unmasked.UNMASKED_RENDERER_WEBGL : gl.RENDERER) ?? '');
}

/** A rasteriser on the CPU? When neither WebGPU nor WebGL names hardware, it is taken for one. */
function isSoftware(adapter, info, renderer) {
  const named = [info.vendor, info.architecture, info.device, info.description].join(' ').trim();
  if (info.isFallbackAdapter ?? adapter.isFallbackAdapter) {
    return true;
  }
  return named ? RASTERISERS.test(named) : !renderer || RASTERISERS.test(renderer);
}

const SHADER = `
@group(0) @binding(0) var<storage, read_write> data: array<f32>;
@compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u) {
  var sum = 0.0;
  for (var i = 0u; i < 100u; i++) { sum += f32(i) * data[id.x]; }
  data[id.x] = sum;
}`;

async function computes(adapter) {
  const device = await adapter.requestDevice();
  try {
    const count = 256;
    const given = Float32Array.from({ length: count }, (_, i) => i / 4);
    const usage = GPUBufferUsage;
    const buffer = device.createBuffer({ size: 4 * count, usage: usage.STORAGE | usage.COPY_SRC | usage.COPY_DST });
    const read = device.createBuffer({ size: 4 * count, usage: usage.MAP_READ | usage.COPY_DST });
    device.queue.writeBuffer(buffer, 0, given);
    const module = device.createShaderModule({ code: SHADER });
    const pipeline = await device.createComputePipelineAsync({ layout: 'auto', compute: { module, entryPoint: 'main' } });
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(
      0,
      device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries: [{ binding: 0, resource: { buffer } }] }),
    );
    pass.dispatchWorkgroups(count / 64);
    pass.end();
    encoder.copyBufferToBuffer(buffer, 0, read, 0, 4 * count);
    device.queue.submit([encoder.finish()]);
    await read.mapAsync(GPUMapMode.READ);
    const found = new Float32Array(read.getMappedRange());
    return given.every((value, i) => Math.abs(found[i] - 4950 * value) <= 1e-3 * (1 + 4950 * value));
  } finally {
    device.destroy();
  }
}

async function webgpu() {
  const nothing = {
    available: false,
    vendor: null,
    architecture: null,
    description: null,
    software: null,
    computesCorrectly: false,
    error: null,
  };
  const adapter = await navigator.gpu?.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) {
    return { ...nothing, error: navigator.gpu ? 'no adapter' : 'no navigator.gpu' };
  }
  const info = adapter.info ?? {};
  const renderer = webglRenderer();
  const found = {
    available: true,
    vendor: info.vendor || '',
    architecture: info.architecture || '',
    description: info.description || info.device || (renderer && `WebGL: ${renderer}`),
    software: isSoftware(adapter, info, renderer),
    error: null,
  };
  return within(
    async () => ({ ...found, computesCorrectly: await computes(adapter) }),
    (error) => ({ ...found, computesCorrectly: false, error: String(error.message ?? error) }),
  );
}

/** Multiplies two matrices on one WebNN device. A context alone says nothing: it may be given and compute nowhere. */
async function webnnComputes(deviceType) {
  const context = await navigator.ml.createContext({ deviceType });
  const builder = new MLGraphBuilder(context);
  const form = { dataType: 'float32', shape: [2, 2] };
  const a = builder.input('a', form);
  const b = builder.input('b', form);
  const graph = await builder.build({ c: builder.relu(builder.matmul(a, b)) });
  const tensors = {
    a: await context.createTensor({ ...form, writable: true }),
    b: await context.createTensor({ ...form, writable: true }),
    c: await context.createTensor({ ...form, readable: true }),
  };
  context.writeTensor(tensors.a, Float32Array.of(1, 2, -3, 4));
  context.writeTensor(tensors.b, Float32Array.of(5, 6, 7, 8));
  context.dispatch(graph, { a: tensors.a, b: tensors.b }, { c: tensors.c });
  const c = new Float32Array(await context.readTensor(tensors.c));
  context.destroy?.();
  return [19, 22, 13, 14].every((value, i) => Math.abs(c[i] - value) < 1e-2);
}

async function webnn() {
  const devices = [];
  const errors = {};
  for (const device of navigator.ml ? ['cpu', 'gpu', 'npu'] : []) {
    const right = await within(
      () => webnnComputes(device),
      (error) => {
        errors[device] = String(error.message ?? error);
        return false;
      },
    );
    if (right) {
      devices.push(device);
    }
  }
  return { available: Boolean(navigator.ml), devices, errors };
}

/** A module whose one function uses a 128-bit vector, as in the proposal's own feature test. */
const SIMD = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11);

function threads() {
  if (!globalThis.crossOriginIsolated) {
    return false;
  }
  try {
    const { buffer } = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
    return buffer instanceof SharedArrayBuffer;
  } catch {
    return false;
  }
}

async function capability() {
  const simd = WebAssembly.validate(SIMD);
  return {
    webgpu: await within(webgpu, (error) => ({ available: false, computesCorrectly: false, error: String(error.message ?? error) })),
    webnn: await webnn(),
    // The engine's only builds need SIMD.
    wasm: { available: simd, simd, threads: threads() },
    crossOriginIsolated: globalThis.crossOriginIsolated === true,
    timerResolutionMillis: timerResolution(),
    deviceMemoryGiB: navigator.deviceMemory ?? null,
    hardwareConcurrency: navigator.hardwareConcurrency ?? null,
    userAgent: navigator.userAgent,
  };
}

function probe(job, report) {
  const say = (message) => report({ nonce: job.nonce, ...message });
  capability().then(
    (found) => say({ type: 'capability', capability: found }),
    (error) => say({ type: 'error', code: 'page-error', message: String(error.message ?? error), stack: error.stack ?? null }),
  );
  return { accepted: true };
}

globalThis.probe = probe;

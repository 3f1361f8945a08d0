// The builds of ONNX Runtime Web in this page. A build is loaded when a job first asks for it; its number of threads
// is fixed then, so another number is another instance.

import { Failure } from './failure.js';

export const MODULES = {
  wasm: 'ort.wasm.min.mjs',
  webgpu: 'ort.webgpu.min.mjs',
  jsep: 'ort.min.mjs',
};

const instances = new Map();
let loads = 0;

/** One instance of the engine, with its own WebAssembly memory and, on a GPU, its own device. */
class Runtime {
  constructor(ort, build, threads) {
    this.ort = ort;
    this.build = build;
    this.threads = threads;
    this.version = ort.env.versions.web ?? ort.env.versions.common;
    this.dead = false;
    this.lost = new Promise((_, reject) => {
      this.fail = reject;
    });
    this.lost.catch(() => (this.dead = true));
    this.watched = false;
  }

  /** Rejects everything that waits for the device once the browser takes it away. */
  async watchDevice() {
    if (this.watched) {
      return;
    }
    const device = await this.ort.env.webgpu?.device;
    if (device?.lost) {
      this.watched = true;
      device.lost.then((info) => {
        this.fail(new Failure('device-lost', `the GPU device was lost: ${info.message || info.reason || 'no reason given'}`));
      });
    }
  }

  /** The result of {@code work}, or the loss of the device, whichever comes first. */
  guard(work) {
    return this.build === 'wasm' ? work : Promise.race([work, this.lost]);
  }
}

export async function runtimeFor(build, threads) {
  const key = `${build}/${threads}`;
  const known = instances.get(key);
  if (known && !known.dead) {
    return known;
  }
  const module = MODULES[build];
  if (!module) {
    throw new Failure('backend-unavailable', `"${build}" is not a build of the engine. Known: ${Object.keys(MODULES).join(', ')}.`);
  }
  // Another address makes another module, so that a broken instance can be replaced without a new page.
  const ort = await import(`./ort/${module}?instance=${++loads}`);
  ort.env.logLevel = 'error';
  ort.env.wasm.wasmPaths = new URL('./ort/', import.meta.url).href;
  ort.env.wasm.numThreads = threads;
  if (ort.env.webgpu) {
    ort.env.webgpu.powerPreference = 'high-performance';
  }
  const runtime = new Runtime(ort, build, threads);
  instances.set(key, runtime);
  return runtime;
}

/** Forgets an instance whose memory or device can't be trusted any more. */
export function discard(runtime) {
  runtime.dead = true;
  const key = `${runtime.build}/${runtime.threads}`;
  if (instances.get(key) === runtime) {
    instances.delete(key);
  }
}

let dispatches = 0;
const pass = globalThis.GPUComputePassEncoder?.prototype;
for (const method of ['dispatchWorkgroups', 'dispatchWorkgroupsIndirect']) {
  const original = pass?.[method];
  if (original) {
    pass[method] = function (...parameters) {
      dispatches++;
      return original.apply(this, parameters);
    };
  }
}

/** GPU dispatches since the page was loaded: a "webgpu" run without any ran on the CPU. */
export function gpuDispatches() {
  return dispatches;
}

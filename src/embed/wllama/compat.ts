/** The build for browsers without 64-bit WebAssembly memory: a chunk of its own, loaded only where it is needed. */
export { default as workerCode } from '@wllama/wllama-compat/wasm/wllama.js?raw';
export { default as wasmUrl } from '@wllama/wllama-compat/wasm/wllama.wasm?url';

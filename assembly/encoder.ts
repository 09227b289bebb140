/**
 * The stages of a transformer encoder over memory that the caller lays out; nothing is kept between calls.
 * Pointers are bytes into the imported memory, aligned to 16; matrices are row-major floats unless said otherwise.
 */
export { attend, packHead } from './attention';
export { halvePanels, matmulOfHalves, sumHalves } from './halves';
export { matmul } from './matmul';
export { addNorm, gelu, swiglu } from './norm';
export { meanRow } from './pooling';
export { packPanel, quantize } from './quantize';
export { rotate } from './rotary';

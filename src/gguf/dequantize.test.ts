import { expect, test } from 'vitest';
import { DEQUANTIZERS } from './dequantize.ts';

/** Made with the PyPI package gguf 0.19.0 (gguf.quants): type, one block, its first two values and its last, FNV-1a of all. */
const GOLDEN: [string, string, number[], number][] = [
  [
    'F16',
    'iwrlsakBBqCVKiarvImvoWK5CpBfEpOCQiNqkasppzk=',
    [0.0001996755599975586, -0.1842041015625, 0.70654296875],
    0x59c3143c,
  ],
  [
    'BF16',
    'DRojnbQl/BpIm0OnbqPjhJab5IekAOeD6hIEiru5v6g=',
    [2.9158116592494226e-23, -2.157287037538296e-21, -2.120525977034049e-14],
    0xd0012e9,
  ],
  [
    'Q4_0',
    '3IupqeYQ4dwUeoFvZYIQzGOk',
    [-0.00023984909057617188, -0.00023984909057617188, -0.00047969818115234375],
    0xa1aeda20,
  ],
  [
    'Q4_1',
    'rAoCgfzUS8YiE+YYHWCvSlc2nt8=',
    [0.0024279356002807617, 0.0007990598678588867, 0.002631545066833496],
    0xb5f2d0e7,
  ],
  [
    'Q5_0',
    'xaCrFl877lri0eItEGj8JphjdNuYpw==',
    [-0.1304168701171875, -0.0931549072265625, 0.0558929443359375],
    0xa82df319,
  ],
  [
    'Q5_1',
    '3prJmytHwSFE5zXVa+sGXEOe5FwzXZIt',
    [-0.07086372375488281, -0.08092308044433594, -0.010507583618164062],
    0x66458385,
  ],
  [
    'Q8_0',
    '1Qujb7XeLnedKT5/vEhxT5VglBQ/07ZJCThVfJaoJBb/ZQ==',
    [-0.022228360176086426, 0.02653062343597412, 0.024140477180480957],
    0xdcf55bf3,
  ],
  [
    'Q4_K',
    'RiuluV5gdYFpuHMrMSLVyqLWIM+JQgL3QlmZKDyegA3Ak/rTp+ITzLehdwQtQm58vPALY+7UIaVsiKbk1Qufir/IRv1j0fPN3yJli4gJVWgUOL8EKzqPZfZmcnwHduWMZAmte5++Fvg9AH+mchgYbGO+Ltu7tqVsunklImmMuYGlmiRM6xoU/4jCI/G4Biop',
    [32.337646484375, 39.156494140625, 13.239990234375],
    0x522b2800,
  ],
  [
    'Q5_K',
    '7IvmslxU8nwfqLmNBOV9/lDg2EK9EPzyObznBYf7wHjJWvWhZfx51lhpYcRxIp+6MgRWWXmTbb7xtASyxTV5Wu6lsW6xWjG7cckwKW5UfAjuGtN5aM9RCCXxUPj80cI6x1voIR7xGTzxpmS/xeOBA+WSCiU6cP/h35ezFT318slBoKDTwoiTxqJ0RfymRifQ1Dp42F7iGe60VjbUbgGwJmG3JytJeEd+A0usU2I0Z18=',
    [6.669322967529297, 6.655784606933594, 9.97977352142334],
    0xff648ab6,
  ],
  [
    'Q6_K',
    'eusR9Bkbqz72wlOEZDPHskBn9WgxcAJhvlcTB7KGIRDfXAG0aFiWgnA9oiCdJPt2KIUH8DsQVa+DI9SIcjiAk05r76dO0Dju75culY2pRn5rCKnKGyA9HCty7r9GIVcgl+q3nnEn4O5dkMuYjmdpqCOnhBivEWfFs6ZkrZ/tx1W2YOOm9HLRVKkHgpZvKDsnbL5hig8zbXGI8VZ93DspyI7R1qSSia2q//I9cxxjaMMNZMxnXVpiAThnTemARVDF4TcP3BnowrtMGfcIiiqaeBay',
    [58.95751953125, -123.810791015625, -479.267578125],
    0x1173ac0b,
  ],
  [
    'Q2_K',
    'H+asL4imgYKGl5Pwqtbe2BFuOrUWgcSjdP7HCmiz5L3JKzh5h0FsF+yQlj7HZoiKtLgOunxc/YESG+qc7hgQ39UWn68mzXtcMMirpE2XIpnox7Qb',
    [-118.5975112915039, -237.19125366210938, -126.54889678955078],
    0xfe91db1a,
  ],
  [
    'Q3_K',
    'oElFMTVVDsAZOovtF4PVPslEZY0dKJYMRLA4LpNDjmB4jVHieaEx+BMLPqS9L12V5XvXkUNthA9OZlRggTW7+4hdNGlZpJs2QCpPPcxIn7ZRH74J5dcr+DTgT+AoykmR4Cq9dyef7cIG0jGMqLg=',
    [0.0, -0.0, 13.96875],
    0xfee75f86,
  ],
  [
    'IQ4_NL',
    'yaNWupHXn20k7joU69QThtj6',
    [0.3345184326171875, -0.38013458251953125, -1.7182083129882812],
    0xd98663e2,
  ],
  [
    'IQ4_XS',
    'tyRrhSurIOYEroPlOF2YxGkBJr6Y8JyThKqllF/D09Th5jhtvlsd8mfr0ODwo9hfX6RhaY814ra5+Dns24O1GE5UlxH1CoU/O0YUbjIBqSlZ7P6EiGqSioKvcPOTBOu+k3xBQIIfV8nglFjOHZsJrnA3La0az1xPG/GStwG2giJc6y6hsLLL6w==',
    [-24.366165161132812, 44.25691223144531, 22.948028564453125],
    0xaca7d6ff,
  ],
];

test.each(GOLDEN)(
  '%s: values are bit for bit those of the reference',
  (name, block, [first, second, last], hash) => {
    const source = Uint8Array.from(atob(block), character => character.charCodeAt(0));
    const values = new Float32Array(name.endsWith('F16') ? 16 : /_K|_XS/.test(name) ? 256 : 32);
    DEQUANTIZERS.get(name)?.(source, values);
    expect([values[0], values[1], values.at(-1)]).toEqual([first, second, last]);
    expect(fnv1a(new Uint8Array(values.buffer))).toBe(hash);
  },
);

function fnv1a(bytes: Uint8Array): number {
  return bytes.reduce((hash, byte) => Math.imul(hash ^ byte, 0x01000193) >>> 0, 0x811c9dc5);
}

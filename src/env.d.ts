/** package.json's version, put in by the build. */
declare const __VERSION__: string;

/** A module of assembly/, compiled by the build (scripts/wasm.ts). */
declare module '*?wasm' {
  const bytes: Uint8Array<ArrayBuffer>;
  export default bytes;
}

/** The same for memory that threads share. */
declare module '*?wasm&shared' {
  const bytes: Uint8Array<ArrayBuffer>;
  export default bytes;
}

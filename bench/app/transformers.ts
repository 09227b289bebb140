import type { Contender } from './engines.ts';

/** What we use of @huggingface/transformers, which is not there where nobody measures against it. */
interface Transformers {
  env: {
    allowRemoteModels: boolean;
    allowLocalModels: boolean;
    localModelPath: string;
    useBrowserCache: boolean;
    useWasmCache: boolean;
    backends: { onnx: { wasm: { numThreads: number; wasmPaths: string } } };
  };
  AutoModel: {
    from_pretrained(name: string, options: { dtype: 'q8'; device: 'wasm' }): Promise<Model>;
  };
  Tensor: new (type: 'int64', data: BigInt64Array, shape: number[]) => Tensor;
  mean_pooling(states: Tensor, mask: Tensor): Tensor;
}

interface Model {
  (inputs: Record<string, Tensor>): Promise<{ last_hidden_state: Tensor }>;
  dispose(): Promise<unknown>;
}

interface Tensor {
  normalize(p: number, dimension: number): Tensor;
  tolist(): number[][];
}

/**
 * transformers.js with weights of 8 bits (`onnx/model_quantized.onnx`) on one thread, in the page itself as its manual
 * has it; its files and the model's are beside the page, under `peers/`.
 */
export async function openTransformers(): Promise<Contender> {
  const at = (path: string) => new URL(`peers/${path}`, self.location.href).href;
  const script = at('transformers/transformers.min.js');
  const { env, AutoModel, Tensor, mean_pooling }: Transformers = await import(/* @vite-ignore */ script);
  env.allowRemoteModels = false;
  env.allowLocalModels = true;
  env.localModelPath = at('');
  env.useBrowserCache = false;
  env.useWasmCache = false;
  env.backends.onnx.wasm.wasmPaths = at('onnxruntime/');
  env.backends.onnx.wasm.numThreads = 1;
  const model = await AutoModel.from_pretrained('model', { dtype: 'q8', device: 'wasm' });
  return {
    name: 'transformers.js',
    threads: 1,
    async embed(texts) {
      const shape = [texts.length, texts[0]?.length ?? 0];
      const tensor = (value: (id: number) => number) =>
        new Tensor(
          'int64',
          BigInt64Array.from(texts.flat(), id => BigInt(value(id))),
          shape,
        );
      const mask = tensor(() => 1);
      const { last_hidden_state } = await model({
        input_ids: tensor(id => id),
        attention_mask: mask,
        token_type_ids: tensor(() => 0),
      });
      return mean_pooling(last_hidden_state, mask).normalize(2, -1).tolist();
    },
    async close() {
      await model.dispose();
    },
  };
}

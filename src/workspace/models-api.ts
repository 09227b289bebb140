import type { CallLog, EngineChoice, EngineId } from '../domain/engine.ts';
import type { ModelInfo } from '../domain/model.ts';
import type { AbortPort } from './api.ts';

/** A model as the Models panel lists it. */
export interface ModelEntry {
  info: ModelInfo;
  source: 'built-in' | 'kept' | 'remote';
  /** Names of the collections that need it, those that can be restored included. */
  usedBy: string[];
  addedAt?: number;
  /** Where it was downloaded from. */
  from?: ModelSource;
}

/** Where a model is downloaded from; `revision` is a branch or commit, 'main' where absent. */
export type ModelSource = { url: string } | { repo: string; file: string; revision?: string };

/** A GGUF file of a repository on Hugging Face; a split model is listed once, by its first part. */
export interface RepoFile {
  path: string;
  bytes: number;
  parts: number;
}

/** A download that is under way, waits or failed; gone from the list when its model is kept, or it was cancelled. */
export interface ModelDownload {
  id: string;
  /** File name, for the row. */
  name: string;
  source: ModelSource;
  state: 'running' | 'waiting' | 'failed' | 'checking';
  receivedBytes: number;
  /** Absent until the host has told. */
  totalBytes?: number;
  bytesPerSecond?: number;
  secondsLeft?: number;
  /** Why it waits or failed, and what to do. */
  message?: string;
}

/** A host that a person named, and what went there since it was allowed. */
export interface HostUse {
  origin: string;
  /** The browser lets the page talk to it only after the next navigation. */
  needsReload: boolean;
  sentBytes: number;
  receivedBytes: number;
}

/** An OpenAI-compatible endpoint. `baseUrl` ends before '/embeddings': 'http://127.0.0.1:8080/v1'. */
export interface RemoteEndpoint {
  baseUrl: string;
  key?: string;
  /** Whether the key may be kept in this browser; else it is forgotten with the tab. */
  keepKey: boolean;
}

/** What the Models panel asks of the workspace. Every method rejects with a VecdropError's name and message. */
export interface ModelsApi {
  modelEntries(): Promise<ModelEntry[]>;
  /** One model of one or more files: all parts of a split GGUF together. */
  addModelFiles(files: File[]): Promise<ModelInfo>;
  /** Rejects with 'model/in-use', naming the collections. */
  removeModel(id: string): Promise<void>;

  /** Lists the GGUF files of a repository on Hugging Face. Rejects with 'host/not-allowed' before its host is allowed. */
  repoFiles(repo: string, abort: AbortPort): Promise<RepoFile[]>;
  downloads(): Promise<ModelDownload[]>;
  /** Answers with the download's id at once; what becomes of it is told by 'downloads' events. */
  startDownload(source: ModelSource): Promise<string>;
  /** Goes on where it stopped. */
  resumeDownload(id: string): Promise<void>;
  /** Ends it, and drops what was received. */
  cancelDownload(id: string): Promise<void>;

  hosts(): Promise<HostUse[]>;
  /** Only on a person's word. Takes effect with the next navigation where a service worker sends the page's policy. */
  allowHost(origin: string): Promise<HostUse>;
  forgetHost(origin: string): Promise<void>;

  /** Names of the models that an endpoint serves. */
  remoteModels(endpoint: RemoteEndpoint, abort: AbortPort): Promise<string[]>;
  /** Probes the endpoint with a text and adds its model. `contextLength` in tokens. */
  addRemoteModel(
    endpoint: RemoteEndpoint,
    model: string,
    contextLength: number,
    abort: AbortPort,
  ): Promise<ModelInfo>;
  /** Gives the key again, after a reload, where it was not kept. */
  setRemoteKey(modelId: string, key: string, keepKey: boolean): Promise<void>;

  /** What the self-test found; undefined before it ran. */
  engineChoice(modelId: string): Promise<EngineChoice | undefined>;
  /** Runs the self-test of every engine that could serve the model. */
  testEngines(modelId: string, abort: AbortPort): Promise<EngineChoice>;
  /** 'auto' takes the self-test's advice; an engine whose vectors are wrong is refused with 'engine/failed'. */
  chooseEngine(modelId: string, engine: EngineId | 'auto'): Promise<EngineChoice | undefined>;

  /** The latest calls to engines, oldest first, at most 1,000. */
  callLog(): Promise<CallLog[]>;
}

import type { ExportFormat } from './format.ts';
import { archive } from './formats/archive.ts';
import { arrow } from './formats/arrow.ts';
import { chroma } from './formats/chroma.ts';
import { csv } from './formats/csv.ts';
import { json } from './formats/json.ts';
import { jsonl } from './formats/jsonl.ts';
import { langchain } from './formats/langchain.ts';
import { llamaindex } from './formats/llamaindex.ts';
import { markdown } from './formats/markdown.ts';
import { milvus } from './formats/milvus.ts';
import { numpy } from './formats/numpy.ts';
import { parquet } from './formats/parquet.ts';
import { pgvector } from './formats/pgvector.ts';
import { qdrant } from './formats/qdrant.ts';
import { share } from './formats/share.ts';
import { sqlite } from './formats/sqlite.ts';
import { weaviate } from './formats/weaviate.ts';

/** Every export format, in the order in which they are offered; of those with one ending the first is meant by it. */
export const exportFormats: readonly ExportFormat[] = [
  json,
  jsonl,
  csv,
  parquet,
  arrow,
  numpy,
  sqlite,
  pgvector,
  qdrant,
  chroma,
  milvus,
  weaviate,
  langchain,
  llamaindex,
  markdown,
  archive,
  share,
];

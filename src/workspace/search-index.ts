import { embeddingKey, recipeKey } from '../domain/recipe.ts';
import { firstAbove } from '../domain/sorted.ts';
import { KeywordIndex } from '../search/bm25.ts';
import { VectorMatrix } from '../search/matrix.ts';
import { Rows } from '../search/ranges.ts';
import type { Database } from '../store/database.ts';
import { textReader } from '../store/documents.ts';
import { type SearchableFile, type SearchChanges, searchChanges } from '../store/search-records.ts';
import { readBlocks, readColumns } from '../store/vectors.ts';
import { bytesOfPlaces, FLOAT_SHARE, fits, fullNotice } from './search-memory.ts';
import { linesIn, type Part, type Searched, sameCut } from './search-part.ts';
import { loadIndex, saveIndex } from './search-saved.ts';

/** Blocks of vectors read in one transaction. */
const BLOCKS = 32;
/**
 * Below so many changes, or such a share of all, they are made again sooner than all is written; it is saved when
 * nothing came for a while.
 */
const SAVED_FROM = 1_000;
const SAVED_SHARE = 0.01;
/** While an index is made it is saved on the way: with so many texts and vectors, and whenever they are twice as many. */
const SAVED_ON_THE_WAY = 200_000;
const SAVED_AFTER_MS = 5_000;
/** What is missing is added for so long, and as long as it took to hear of changes, before more changes are heard. */
const TURN_MS = 50;

/**
 * The chunks of one collection by words and by vectors, as readers may see them. It follows what is stored: rows come
 * and go with the generations of files, so that a recipe that took over, a file that was removed, or one more block of
 * vectors costs what has changed.
 */
export class SearchIndex implements Searched {
  words = new KeywordIndex();
  matrix: VectorMatrix | undefined;
  private readonly db: Database;
  private readonly collectionId: string;
  private readonly budget: number;
  private rows = new Rows();
  private readonly wanted = new Map<string, SearchableFile>();
  private readonly parts = new Map<string, Part>();
  /** Files of which something is missing. */
  private readonly todo = new Set<string>();
  /** Files that came when the memory was full: they are looked at again when something went. */
  private readonly leftOut = new Set<string>();
  private full = { words: false, vectors: false };
  /** Bytes of what is known of chunks besides words and vectors. */
  private placeBytes = 0;
  /** Parts by their rows and by their paths; made anew when some came or went. */
  private ordered: { parts: Part[]; firsts: number[] } | undefined;
  private byPath: Part[] | undefined;
  private revision = 0;
  private recipe: string | undefined;
  private embedding: string | undefined;
  private running: Promise<void> | undefined;
  private saving: Promise<void> | undefined;
  private again = false;
  /** From when on something that has changed comes before what is missing; of the page's clock. */
  private turnEnds = 0;
  private closed = false;
  private loaded = false;
  /** Chunks and blocks that came and went since it was saved. */
  private unsaved = 0;
  private nextOnTheWay = SAVED_ON_THE_WAY;
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** `budget`: bytes that all of it may take. */
  constructor(db: Database, collectionId: string, budget: number) {
    this.db = db;
    this.collectionId = collectionId;
    this.budget = budget;
  }

  /** Whether something that is stored is not looked through yet. */
  get behind(): boolean {
    return this.running !== undefined;
  }

  get bytes(): number {
    return this.placeBytes + this.words.bytes + (this.matrix?.bytes ?? 0);
  }

  /** What is left out because memory is full: a sentence. */
  get notice(): string | undefined {
    if (!this.full.words && !this.full.vectors) return undefined;
    const left = { words: 0, meaning: 0 };
    for (const { id, generation } of this.wanted.values()) {
      const part = this.parts.get(id);
      left.words += (generation?.chunks ?? 0) - (part?.worded ?? 0);
      left.meaning += (generation?.done ?? 0) - (part?.embedded ?? 0);
    }
    return fullNotice(this.budget, left);
  }

  /** Takes in what was committed since; resolves when all of it is looked through. */
  catchUp(): Promise<void> {
    this.again = true;
    this.running ??= (this.saving ?? Promise.resolve())
      .then(() => this.run())
      .finally(() => {
        this.running = undefined;
      });
    return this.running;
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.timer);
  }

  /** Gives its memory back, saved first unless it is still being made. */
  async retire(): Promise<void> {
    if (!this.running) await this.save();
    this.close();
  }

  /** What the index holds, by path in code unit order. */
  files(): readonly Part[] {
    this.byPath ??= [...this.parts.values()].sort((a, b) => (a.file.path < b.file.path ? -1 : 1));
    return this.byPath;
  }

  partOf(fileId: string): Part | undefined {
    return this.parts.get(fileId);
  }

  /** The part that a row belongs to. */
  partAt(row: number): Part | undefined {
    if (!this.ordered) {
      const parts = [...this.parts.values()].sort((a, b) => a.range.first - b.range.first);
      this.ordered = { parts, firsts: parts.map(({ range }) => range.first) };
    }
    const { parts, firsts } = this.ordered;
    const part = parts[firstAbove(firsts, row) - 1];
    return part && row < part.range.end ? part : undefined;
  }

  /** By the hashes of what is embedded. */
  sameText(a: number, b: number): boolean {
    const [one, other] = [this.hashAt(a), this.hashAt(b)];
    return one?.every((byte, i) => byte === other?.[i]) ?? false;
  }

  private hashAt(row: number): Uint8Array | undefined {
    const part = this.partAt(row);
    if (!part) return undefined;
    const at = (row - part.range.first) * 16;
    return part.columns.hashes.subarray(at, at + 16);
  }

  private async run(): Promise<void> {
    clearTimeout(this.timer);
    if (!this.loaded) await this.load();
    while (this.again && !this.closed) {
      this.again = false;
      const asked = performance.now();
      this.take(await searchChanges(this.db, this.collectionId, this.revision, this.recipe));
      const heard = performance.now();
      this.turnEnds = heard + Math.max(TURN_MS, heard - asked);
      await this.fill();
    }
    if (this.unsaved >= Math.max(SAVED_FROM, SAVED_SHARE * this.words.count) && !this.closed)
      this.timer = setTimeout(() => void this.saveNow(), SAVED_AFTER_MS);
  }

  /** What was saved is a beginning: what has changed since is found by the generations. */
  private async load(): Promise<void> {
    this.loaded = true;
    // What cannot be read is made anew.
    const saved = await loadIndex(this.collectionId, this.budget).catch(() => undefined);
    if (!saved) return;
    this.words = saved.words;
    this.matrix = saved.matrix;
    this.embedding = saved.embedding;
    this.rows = new Rows(saved.parts.map(({ range }) => range));
    for (const part of saved.parts) {
      this.parts.set(part.file.id, part);
      this.placeBytes += bytesOfPlaces(part);
    }
    this.nextOnTheWay = Math.max(SAVED_ON_THE_WAY, 2 * this.size);
  }

  /** Saves what has changed, as soon as nothing is under way. What comes meanwhile ends it: it is tried again later. */
  async save(): Promise<void> {
    clearTimeout(this.timer);
    await this.running;
    await (this.saving ?? this.saveNow());
  }

  private saveNow(): Promise<void> | undefined {
    if (this.running || this.closed || this.unsaved === 0) return undefined;
    this.saving = this.write(this.revision, () => !this.again && !this.closed).finally(() => {
      this.saving = undefined;
    });
    return this.saving;
  }

  /** Writes what is there, which must not change meanwhile. */
  private async write(revision: number, going: () => boolean): Promise<void> {
    const { words, matrix, embedding, unsaved } = this;
    if (embedding === undefined) return;
    const index = { parts: this.files(), words, embedding, ...(matrix ? { matrix } : {}) };
    // The next change tries again; until then it is made anew when it is opened.
    const done = await saveIndex(this.collectionId, revision, index, going).catch(() => false);
    if (done) this.unsaved -= unsaved;
  }

  /** What is gone goes at once; what is new is noted. */
  private take({ collection, files, revision }: SearchChanges): void {
    const recipe = collection && recipeKey(collection.recipe);
    if (recipe !== this.recipe) {
      this.recipe = recipe;
      // All files were read: those that are not among them are no more.
      this.wanted.clear();
      const embedding = collection && embeddingKey(collection.recipe);
      if (embedding !== this.embedding) this.dropVectors();
      this.embedding = embedding;
    }
    this.revision = revision;
    for (const file of files) {
      if (file.generation) {
        this.wanted.set(file.id, file);
        this.todo.add(file.id);
      } else this.wanted.delete(file.id);
    }
    for (const [id, part] of this.parts) if (!this.wanted.has(id)) this.remove(part);
  }

  private dropVectors(): void {
    this.matrix = undefined;
    this.full.vectors = false;
    for (const part of this.parts.values()) {
      part.embedded = 0;
      this.todo.add(part.file.id);
    }
  }

  private remove(part: Part): void {
    this.unsaved += part.worded;
    this.words.remove(part.range);
    this.matrix?.remove(part.range);
    this.rows.give(part.range);
    this.parts.delete(part.file.id);
    this.todo.delete(part.file.id);
    this.placeBytes -= bytesOfPlaces(part);
    this.ordered = undefined;
    this.byPath = undefined;
    for (const id of this.leftOut) this.todo.add(id);
    this.leftOut.clear();
    this.full = { words: false, vectors: false };
  }

  /**
   * Whether something else comes first: what went must not wait for all that comes. But while files are indexed there
   * is always news, and without a turn of its own nothing would ever be added.
   */
  private get interrupted(): boolean {
    return this.closed || (this.again && performance.now() >= this.turnEnds);
  }

  /** Adds what is missing, as much as its turn allows. */
  private async fill(): Promise<void> {
    for (const id of this.todo) {
      const file = this.wanted.get(id);
      const part = file && (await this.place(file));
      if (part) {
        await this.addWords(part);
        await this.addVectors(part);
      }
      if (this.interrupted) return;
      this.todo.delete(id);
      if (file && (this.full.words || this.full.vectors)) this.leftOut.add(id);
      if (this.size >= this.nextOnTheWay) await this.saveOnTheWay();
    }
  }

  /** A tab may be closed long before all is looked through: what is there by then is a beginning for the next. */
  private async saveOnTheWay(): Promise<void> {
    this.nextOnTheWay = 2 * this.size;
    // It is not all that the revision has, so it must not stand in the way of the whole.
    await this.write(this.revision - 0.5, () => !this.closed);
  }

  /** Texts and vectors. */
  private get size(): number {
    return this.words.count + (this.matrix?.count ?? 0);
  }

  /** Bytes for what is not known yet, beside what is. */
  private roomBeside(others: number): number {
    return this.budget - this.placeBytes - others;
  }

  /** The part of a file's readable generation, with rows of its own. */
  private async place(file: SearchableFile): Promise<Part | undefined> {
    const { generation } = file;
    const before = this.parts.get(file.id);
    if (!generation) return undefined;
    if (before && before.file.path !== file.path) this.byPath = undefined;
    if (before?.generation === generation.id) {
      before.file = file;
      return before;
    }
    if (!before && this.full.words && this.full.vectors) return undefined;
    const columns = await readColumns(this.db, generation.id);
    if (before && columns && before.document === generation.document && sameCut(before.columns, columns)) {
      // The same chunks with other vectors: the words stay.
      this.matrix?.remove(before.range);
      before.file = file;
      before.generation = generation.id;
      before.embedded = 0;
      return before;
    }
    if (before) this.remove(before);
    if (!columns) return undefined;
    const { count, starts, ends, pages, headingPaths, headingOf, hashes } = columns;
    const part: Part = {
      file,
      generation: generation.id,
      document: generation.document,
      range: this.rows.take(count),
      columns: {
        starts,
        ends,
        pages,
        headingPaths,
        headingOf,
        hashes,
        firstLines: new Uint32Array(count),
        lastLines: new Uint32Array(count),
      },
      worded: 0,
      at: 0,
      line: 1,
      embedded: 0,
    };
    this.parts.set(file.id, part);
    this.todo.add(file.id);
    this.placeBytes += bytesOfPlaces(part);
    this.ordered = undefined;
    this.byPath = undefined;
    return part;
  }

  private async addWords(part: Part): Promise<void> {
    const { columns, range } = part;
    const { starts, ends, firstLines, lastLines } = columns;
    const count = starts.length;
    if (part.worded === count || this.full.words) return;
    this.words.budget = this.roomBeside(this.matrix?.bytes ?? 0);
    const read = textReader(this.db, part.document);
    while (part.worded < count) {
      const i = part.worded;
      const start = starts[i] as number;
      const end = ends[i] as number;
      const from = Math.min(part.at, start);
      const text = await read(from, end);
      const chunk = text.slice(start - from);
      part.line += linesIn(text, 0, start - from);
      part.at = start;
      firstLines[i] = part.line;
      lastLines[i] = part.line + linesIn(chunk, 0, chunk.length - 1);
      if (!fits(() => this.words.set(range.first + i, chunk))) {
        this.full.words = true;
        return;
      }
      part.worded = i + 1;
      this.unsaved += 1;
      if (this.interrupted) return;
    }
  }

  private async addVectors(part: Part): Promise<void> {
    const { generation, range } = part;
    const done = part.file.generation?.done ?? 0;
    while (part.embedded < done && !this.full.vectors) {
      const blocks = await readBlocks(this.db, generation, part.embedded, BLOCKS);
      if (blocks.length === 0) return;
      for (const { first, count, data } of blocks) {
        const options = { floatBudget: FLOAT_SHARE * this.budget };
        const matrix = this.matrix ?? (await VectorMatrix.create(data.length / count, options));
        this.matrix = matrix;
        matrix.budget = this.roomBeside(this.words.bytes);
        if (!fits(() => matrix.set(range.first + first, data))) {
          this.full.vectors = true;
          return;
        }
        part.embedded = first + count;
        this.unsaved += count;
      }
      if (this.interrupted) return;
    }
  }
}

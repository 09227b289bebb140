import type { SchemaElement } from 'hyparquet';
import type { ByteWriter } from 'hyparquet-writer';
import type { ExportHeader } from '../../format.ts';
import type { ColumnType } from '../../table.ts';
import { Column, type Levels, runsOf } from './column.ts';
import { Int8VectorColumn, VectorColumn } from './vector-columns.ts';

/** The column of a table as Parquet has it. */
export function columnOf(name: string, type: ColumnType, { dimensions }: ExportHeader): Column<never> {
  const text = { name, type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'REQUIRED' } as const;
  switch (type) {
    case 'text':
      return new TextColumn([text]);
    case 'integer':
      return new IntegerColumn([{ name, type: 'INT32', repetition_type: 'REQUIRED' }]);
    case 'optional integer':
      return new OptionalIntegerColumn([{ name, type: 'INT32', repetition_type: 'OPTIONAL' }]);
    case 'float':
      return new FloatColumn([{ name, type: 'FLOAT', repetition_type: 'REQUIRED' }]);
    case 'texts':
      return new TextsColumn(list(text));
    case 'vector':
      return new VectorColumn(list({ name, type: 'FLOAT' }), dimensions, 'PLAIN');
    case 'int8 vector':
      return new Int8VectorColumn(list({ name, type: 'INT32', converted_type: 'INT_8' }), dimensions);
  }
}

/** A list as it is nested in parquet-format's LogicalTypes.md; neither it nor its elements are ever absent. */
function list(element: SchemaElement): SchemaElement[] {
  const logical_type = { type: 'LIST' } as const;
  const { name } = element;
  return [
    { name, repetition_type: 'REQUIRED', num_children: 1, converted_type: 'LIST', logical_type },
    { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
    { ...element, name: 'element', repetition_type: 'REQUIRED' },
  ];
}

class TextColumn extends Column<string> {
  protected append(text: string): void {
    appendText(this.values, text);
  }
}

class IntegerColumn extends Column<number> {
  protected append(value: number): void {
    this.values.appendInt32(value);
  }
}

class FloatColumn extends Column<number> {
  protected append(value: number): void {
    this.values.appendFloat32(value);
  }
}

class OptionalIntegerColumn extends Column<number | undefined> {
  #definition: number[] = [];

  protected append(value: number | undefined): void {
    this.#definition.push(value === undefined ? 0 : 1);
    if (value !== undefined) this.values.appendInt32(value);
  }

  protected override levels(): Levels {
    const definition = this.#definition;
    this.#definition = [];
    return levelsOf([], definition);
  }
}

class TextsColumn extends Column<readonly string[]> {
  #repetition: number[] = [];
  #definition: number[] = [];

  protected append(texts: readonly string[]): void {
    for (const [i, text] of texts.entries()) {
      this.#repetition.push(i === 0 ? 0 : 1);
      this.#definition.push(1);
      appendText(this.values, text);
    }
    if (texts.length > 0) return;
    this.#repetition.push(0);
    this.#definition.push(0);
  }

  protected override levels(): Levels {
    const [repetition, definition] = [this.#repetition, this.#definition];
    this.#repetition = [];
    this.#definition = [];
    return levelsOf(repetition, definition);
  }
}

/** `definition` has 1 for each value that is there. */
function levelsOf(repetition: number[], definition: number[]): Levels {
  return {
    values: definition.length,
    nulls: definition.filter(level => level === 0).length,
    repetition: runsOf(repetition),
    definition: runsOf(definition),
  };
}

const encoder = new TextEncoder();

/** The length in bytes and the UTF-8, which has three bytes a UTF-16 unit at the most. */
function appendText(values: ByteWriter, text: string): void {
  values.ensure(4 + 3 * text.length);
  const { written } = encoder.encodeInto(text, new Uint8Array(values.buffer, values.index + 4));
  values.appendUint32(written);
  values.index += written;
}

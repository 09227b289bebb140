import type { VecdropError } from '../domain/errors.ts';
import { corrupt, unsupported } from './faults.ts';
import { type MetadataValue, quoted } from './metadata.ts';
import type { Gguf } from './read.ts';

/** Typed access to the metadata, with faults as errors that name the file. */
export class ModelFile {
  private readonly gguf: Gguf;
  private readonly name: string;

  constructor(gguf: Gguf, name: string) {
    this.gguf = gguf;
    this.name = name;
  }

  value(key: string): MetadataValue | undefined {
    return this.gguf.metadata.get(key)?.value;
  }

  /** A short text, or undefined where there is none. */
  text(key: string): string | undefined {
    const value = this.value(key);
    return typeof value === 'string' ? value.trim().slice(0, 200) : undefined;
  }

  /** A whole number between bounds, or undefined where there is none. */
  whole(key: string, least: number, most: number): number | undefined {
    const value = this.value(key);
    if (value === undefined) return undefined;
    const number = typeof value === 'bigint' ? Number(value) : value;
    if (typeof number !== 'number' || !Number.isInteger(number) || number < least || number > most) {
      throw this.corrupt(`${quoted(key)} is not a number between ${least} and ${most}`);
    }
    return number;
  }

  /** Yes or no, or undefined where there is none. */
  flag(key: string): boolean | undefined {
    const value = this.value(key);
    if (value === undefined || typeof value === 'boolean') return value;
    throw this.corrupt(`${quoted(key)} is neither true nor false`);
  }

  /** A number of things, at least 1. */
  required(key: string, most: number): number {
    const value = this.whole(key, 1, most);
    if (value === undefined) throw this.corrupt(`${quoted(key)} is missing`);
    return value;
  }

  corrupt(fault: string): VecdropError {
    return corrupt(this.name, fault);
  }

  unsupported(fault: string): VecdropError {
    return unsupported(this.name, fault);
  }
}

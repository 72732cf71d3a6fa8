import { SIZES } from '../layout.js';
import type { TablePlace } from './image-writer.js';

/** `struct match_paths`: where everything is. */
export interface PathHeader {
  readonly generation: bigint;
  readonly flags: number;
  readonly posture: number;
  readonly paths: TablePlace;
  readonly names: TablePlace;
  readonly files: TablePlace;
  readonly below: TablePlace;
  readonly overrides: TablePlace;
  readonly effectsRow: number;
  readonly cellsRow: number;
  readonly acceptsRow: readonly [number, number];
  readonly keys: Uint32Array;
  readonly bloom: BigUint64Array;
}

/** Encodes a `struct match_paths`. */
export function encodePathHeader(header: PathHeader): Uint8Array {
  const bytes = new Uint8Array(SIZES.match_paths);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, header.generation, true);
  const words = [
    header.flags,
    header.posture,
    ...[header.paths, header.names, header.files, header.below, header.overrides].flatMap(({ row, mask }) => [
      row,
      mask,
    ]),
    header.effectsRow,
    header.cellsRow,
    ...header.acceptsRow,
    ...header.keys,
  ];
  words.forEach((word, at) => {
    view.setUint32(8 + at * 4, word, true);
  });
  const bloomAt = 8 + words.length * 4;
  header.bloom.forEach((word, at) => {
    view.setBigUint64(bloomAt + at * 8, word, true);
  });
  return bytes;
}

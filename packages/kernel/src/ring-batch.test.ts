import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { forEachRecord, RECORD_DISCARDED, recordSpan } from './ring-batch.js';

describe('forEachRecord', () => {
  const record = fc.record({ payload: fc.uint8Array({ maxLength: 100 }), isDiscarded: fc.boolean() });

  it('yields every record that was not given up, whatever the sizes', () => {
    fc.assert(
      fc.property(fc.array(record), (records) => {
        const parts = records.map(({ payload, isDiscarded }) => {
          const part = Buffer.alloc(recordSpan(payload.length));
          part.writeUInt32LE(payload.length + (isDiscarded ? RECORD_DISCARDED : 0), 0);
          part.set(payload, 8);
          return part;
        });
        const kept = records.filter(({ isDiscarded }) => !isDiscarded).map(({ payload }) => payload);
        const read: Uint8Array[] = [];
        const buffer = new Uint8Array(Buffer.concat(parts)).buffer;
        forEachRecord({ buffer, recordCount: kept.length }, (view, offset, length) => {
          expect(offset % 8).toBe(0);
          read.push(new Uint8Array(view.buffer, offset, length));
        });
        expect(read).toEqual(kept);
      }),
    );
  });

  it('yields nothing of an empty batch', () => {
    forEachRecord({ buffer: new ArrayBuffer(0), recordCount: 0 }, () => expect.unreachable());
  });
});

import { describe, expect, it } from 'vitest';
import { parseSegmentName, segmentName } from './journal-segment.js';

const SEGMENT = { number: 1_795_624_402_000, writer: { pid: 4711, startTime: '123456', thread: 2 } };

describe('segmentName', () => {
  it('is read back by parseSegmentName', () => {
    expect(parseSegmentName(segmentName(SEGMENT))).toEqual(SEGMENT);
  });

  it('sorts as segments were begun', () => {
    const later = segmentName({ ...SEGMENT, number: SEGMENT.number + 1 });
    expect([later, segmentName(SEGMENT)].sort()).toEqual([segmentName(SEGMENT), later]);
  });
});

describe('parseSegmentName', () => {
  it('reads names that say no thread', () => {
    expect(parseSegmentName('01795624402000-4711-123456.alerts')).toEqual({
      ...SEGMENT,
      writer: { ...SEGMENT.writer, thread: 0 },
    });
  });

  it.for(['taken', 'taken.new', '1-2-3.alerts', '01795624402000-x-1.alerts'])(
    'knows that %s is none',
    (name) => {
      expect(parseSegmentName(name)).toBeUndefined();
    },
  );
});

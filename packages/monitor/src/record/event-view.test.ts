import { forEachRecord } from '@kubearmor/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeFork, encodeRecord, toBatch, type RecordFields } from '../testing/record.js';
import { EventView } from './event-view.js';
import { FLAG, MAX_TEXTS, SIZES } from './layout.js';

function viewOf(record: Uint8Array): EventView {
  const view = new EventView();
  expect(view.reset(new DataView(record.buffer, record.byteOffset, record.length), 0, record.length)).toBe(
    true,
  );
  return view;
}

const u32 = fc.nat({ max: 0xffff_ffff });
const fields: fc.Arbitrary<Required<RecordFields>> = fc.record({
  timeNs: fc.bigInt({ min: 0n, max: 2n ** 53n }),
  startNs: fc.bigInt({ min: 0n, max: 2n ** 53n }),
  workload: u32,
  kind: fc.nat({ max: 255 }),
  flags: fc.nat({ max: 255 }),
  call: fc.nat({ max: 65_535 }),
  pid: u32,
  parent: u32,
  uid: u32,
  result: fc.integer({ min: -4096, max: 0x7fff_ffff }),
  args: fc.array(u32, { minLength: 3, maxLength: 3 }),
  texts: fc.array(fc.string({ unit: 'grapheme', maxLength: 40 }), { maxLength: MAX_TEXTS }),
});

describe('EventView', () => {
  it('reads what was written', () => {
    fc.assert(
      fc.property(fields, (written) => {
        const view = viewOf(encodeRecord(written));
        const { workload, kind, flags, call, pid, parent, uid, result } = view;
        expect({ workload, kind, flags, call, pid, parent, uid, result }).toEqual({
          workload: written.workload,
          kind: written.kind,
          flags: written.flags,
          call: written.call,
          pid: written.pid,
          parent: written.parent,
          uid: written.uid,
          result: written.result,
        });
        expect([view.timeNs, view.startNs]).toEqual([Number(written.timeNs), Number(written.startNs)]);
        expect([0, 1, 2].map((index) => view.arg(index))).toEqual(written.args);
        written.texts.forEach((text, slot) => {
          expect(view.text(slot)).toBe(Buffer.from(text).toString('utf8'));
        });
      }),
    );
  });

  it('refuses what is too short, whatever it says of itself', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        const view = new EventView();
        const whole = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
        if (!view.reset(whole, 0, bytes.length)) return;
        const lengths = [0, 1, 2, 3, 4, 5].map((slot) => view.textBytes(slot));
        expect(lengths.reduce((sum, length) => sum + length, SIZES.monitor_event)).toBeLessThanOrEqual(
          bytes.length,
        );
      }),
    );
    expect(new EventView().reset(new DataView(new ArrayBuffer(8)), 0, 8)).toBe(false);
  });

  it('is used for one record after another', () => {
    const view = new EventView();
    const read: string[] = [];
    const records = ['/a', '/bc', ''].map((text, pid) => encodeRecord({ pid, texts: ['x', text] }));
    forEachRecord(toBatch(records), (data, offset, length) => {
      view.reset(data, offset, length);
      read.push(`${view.pid} ${view.text(1)}`);
    });
    expect(read).toEqual(['0 /a', '1 /bc', '2 ']);
  });

  it('splits strings at their zeros', () => {
    const view = viewOf(encodeRecord({ texts: ['a\0b c\0\0', 'x', ''] }));
    expect(view.strings(0)).toEqual(['a', 'b c', '']);
    expect(view.strings(1)).toEqual(['x']);
    expect(view.strings(2)).toEqual([]);
  });

  it('reads signed numbers', () => {
    expect(viewOf(encodeRecord({ args: [-100] })).signedArg(0)).toBe(-100);
  });

  it('reads what a fork says of the process', () => {
    const view = viewOf(
      encodeFork({}, { parentStartNs: 5n, pidNamespace: 1, mountNamespace: 2, innerPid: 3, innerParent: 4 }),
    );
    expect(view.parentStartNs).toBe(5);
    expect([view.pidNamespace, view.mountNamespace, view.innerPid, view.innerParent]).toEqual([1, 2, 3, 4]);
  });

  it('reads the other side of a socket only where the kernel gave it', () => {
    const peer = Buffer.alloc(SIZES.monitor_peer);
    peer.writeUInt16LE(2, 0);
    peer.writeUInt16LE(6, 2);
    peer.writeUInt16LE(8080, 4);
    peer.writeUInt16LE(443, 6);
    peer.set([10, 0, 0, 1], 8);
    expect(viewOf(encodeRecord({ flags: FLAG.resolved, texts: ['', peer] })).peer(1)).toEqual({
      family: 2,
      protocol: 6,
      localPort: 8080,
      remotePort: 443,
      address: '10.0.0.1',
    });
    expect(viewOf(encodeRecord({ texts: ['', peer] })).peer(1)).toBeUndefined();
    expect(viewOf(encodeRecord({ flags: FLAG.resolved, texts: ['', 'x'] })).peer(1)).toBeUndefined();
    peer.writeUInt16LE(1, 0);
    expect(viewOf(encodeRecord({ flags: FLAG.resolved, texts: ['', peer] })).peer(1)).toBeUndefined();
  });
});

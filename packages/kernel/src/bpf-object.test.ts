import { statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BpfLink } from './bpf-link.js';
import { BpfMap } from './bpf-map.js';
import { BpfObject } from './bpf-object.js';
import { openPinned } from './bpf-pin.js';
import { runBpfProgram } from './bpf-test-run.js';
import { Cgroup, unifiedRoot } from './cgroup.js';
import { readCounters } from './counter-map.js';
import { close, open } from './file-descriptor.js';
import { libbpfVersion } from './libbpf.js';
import { forEachRecord } from './ring-batch.js';
import { RingReader } from './ring-buffer.js';
import { RingStream } from './ring-stream.js';
import { createDetachedMount } from './mount-api.js';
import { compileFixture, hasClang, isRoot, scratchDirectory } from './testing/machine.js';

const RING_SIZE = 65_536;

interface Loaded extends Disposable {
  readonly object: BpfObject;
}

function loadCounter(ringSize = RING_SIZE): Loaded {
  const scratch = scratchDirectory();
  const object = BpfObject.open(compileFixture('counter', scratch.path));
  object.setGlobal('target_pid', process.pid);
  object.findMap('events').setMaxEntries(ringSize);
  object.load();
  return {
    object,
    [Symbol.dispose]: () => {
      object.close();
      scratch[Symbol.dispose]();
    },
  };
}

function makeCalls(count: number): void {
  for (let index = 0; index < count; index++) statSync('/');
}

function more(object: BpfObject): number {
  const before = readHits(object);
  makeCalls(10);
  return readHits(object) - before;
}

function readHits(object: BpfObject): number {
  return Number(Buffer.from(object.global('hits')).readBigUInt64LE());
}

describe.skipIf(!isRoot || !hasClang)('BpfObject (needs root and clang)', () => {
  it('says why an object cannot be opened or is refused by the verifier', () => {
    using scratch = scratchDirectory();
    expect(() => BpfObject.open('/nowhere.o')).toThrow(/bpf_object__open \/nowhere.o: ENOENT/u);
    using object = BpfObject.open(compileFixture('refused', scratch.path));
    expect(() => {
      object.load();
    }).toThrow(/BPF_LOAD|EACCES[\s\S]*R1 pointer arithmetic with \*= operator prohibited/u);
  });

  it('knows its variables, types, maps and programs', () => {
    using scratch = scratchDirectory();
    using object = BpfObject.open(compileFixture('counter', scratch.path));
    expect(object.programs().map((program) => [program.name, program.sectionName])).toEqual([
      ['enter', 'raw_tp/sys_enter'],
      ['connect', 'cgroup/connect4'],
    ]);
    expect(object.maps().map((map) => map.name)).toEqual(
      expect.arrayContaining(['numbers', 'drops', 'events']),
    );
    expect(object.btf.variables.find((variable) => variable.name === 'wide')?.sizeBytes).toBe(8);
    object.setGlobal('wide', -1n);
    expect(Buffer.from(object.global('wide')).toString('hex')).toBe('ffffffffffffffff');
    expect(() => {
      object.setGlobal('wide', new Uint8Array(3));
    }).toThrow(/expected 8 bytes for wide, got 3/u);
    for (const name of ['findMap', 'findProgram', 'global'] as const) {
      expect(() => object[name]('absent')).toThrow(/found none/u);
    }
    object.close();
    expect(() => object.programs()).toThrow(/used after close/u);
  });

  it('runs a program without attaching it', () => {
    using loaded = loadCounter();
    const before = readHits(loaded.object);
    expect(
      runBpfProgram(loaded.object.findProgram('enter').fd, { context: new Uint8Array(16) }).returnValue,
    ).toBe(0);
    expect(readHits(loaded.object)).toBe(before + 1);
  });

  it('attaches to a cgroup, and pins in bpffs', () => {
    using loaded = loadCounter();
    const cgroup = Cgroup.create(join(unifiedRoot(), `kubearmor-test-${process.pid}`));
    const directory = open(cgroup.path, 0);
    const bpffs = createDetachedMount('bpf');
    try {
      const pins = `/proc/self/fd/${bpffs}`;
      const link = loaded.object.findProgram('connect').attachCgroup(directory);
      link.pin(`${pins}/link`);
      link.destroy();
      const again = BpfLink.openPinned(`${pins}/link`);
      expect(again.fd).toBeGreaterThan(0);
      again.unpin();
      again.destroy();
      loaded.object.findProgram('connect').pin(`${pins}/program`);
      close(openPinned(`${pins}/program`));
      const map = loaded.object.findMap('numbers').open();
      map.pin(`${pins}/map`);
      expect(BpfMap.openPinned(`${pins}/map`).id).toBe(map.id);
      map.close();
      expect(() => BpfMap.openPinned(`${pins}/none`)).toThrow(/bpf_obj_get .*ENOENT/u);
    } finally {
      close(bpffs);
      close(directory);
      cgroup.remove();
    }
  });

  it('leaves a link to a bpffs, and is rid of it some time after that is gone', async () => {
    using loaded = loadCounter();
    const bpffs = createDetachedMount('bpf');
    try {
      const link = loaded.object.findProgram('enter').attach();
      makeCalls(10);
      expect(readHits(loaded.object)).toBeGreaterThan(0);
      link.leaveTo(`/proc/self/fd/${bpffs}/link`);
      expect(more(loaded.object)).toBeGreaterThan(0);
    } finally {
      close(bpffs);
    }
    await expect.poll(() => more(loaded.object)).toBe(0);
  });

  it('reports every system call through the ring, steps over discarded records and counts drops', () => {
    using loaded = loadCounter(4096);
    const { object } = loaded;
    using reader = RingReader.open(object.findMap('events').fd, 4096);
    const link = object.findProgram('enter').attach();
    makeCalls(1000);
    link.destroy();
    const drops = object.findMap('drops').open();
    const sequence: number[] = [];
    expect(reader.pendingBytes).toBeGreaterThan(0);
    const layout = object.btf.findStruct('call_event')?.members.find((member) => member.name === 'sequence');
    const offset = (layout?.offsetBits ?? 0) / 8;
    const count = reader.readBatch((view, start, length) => {
      expect(length).toBe(32);
      expect(view.getUint32(start, true)).toBe(process.pid);
      sequence.push(Number(view.getBigUint64(start + offset, true)));
    }, 100_000);
    const stored = readHits(object);
    expect(sequence).toEqual(Array.from({ length: stored }, (_, n) => n).filter((n) => n % 5 !== 4));
    expect(count).toBe(sequence.length);
    expect(reader.pendingBytes).toBe(0);
    expect(Number(readCounters(drops)[1]) + stored).toBeGreaterThanOrEqual(1000);
    drops.close();
  });

  it('streams batches in order until it is closed', async () => {
    using loaded = loadCounter();
    const { object } = loaded;
    const stream = RingStream.open({
      mapFd: object.findMap('events').fd,
      sizeBytes: RING_SIZE,
      maxBatchBytes: 4096,
      settleMs: 1,
    });
    const sequence: number[] = [];
    const consumed = (async () => {
      for await (const batch of stream) {
        forEachRecord(batch, (view, start) => sequence.push(Number(view.getBigUint64(start + 8, true))));
      }
    })();
    const link = object.findProgram('enter').attach();
    makeCalls(300);
    await expect.poll(() => sequence.length).toBeGreaterThan(200);
    makeCalls(400);
    link.destroy();
    await stream.close();
    await stream.close();
    await consumed;
    expect(sequence.length).toBeGreaterThan(500);
    expect(sequence).toEqual(
      Array.from({ length: readHits(object) }, (_, n) => n).filter((n) => n % 5 !== 4),
    );
  });

  it('closes a stream that nobody walks', async () => {
    using loaded = loadCounter();
    await using stream = RingStream.open({
      mapFd: loaded.object.findMap('events').fd,
      sizeBytes: RING_SIZE,
    });
    await stream.close();
  });
});

describe('libbpfVersion', () => {
  it('finds a version', () => {
    const { major, minor } = libbpfVersion();
    expect(major * 1000 + minor).toBeGreaterThanOrEqual(8);
  });
});

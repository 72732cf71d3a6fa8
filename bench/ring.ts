import { BpfObject, RingReader, runBpfProgram } from '@kubearmor/kernel';
import { fileURLToPath } from 'node:url';
import { CallbackReader } from './callback-reader.ts';
import { median, type Result } from './result.ts';

const OBJECT = fileURLToPath(new URL('../build/bench/ring.bpf.o', import.meta.url));
const RING_BYTES = 4 * 1024 * 1024;
/** As many as the ring has room for. */
const RECORDS = 32_000;
const ROUNDS = 15;
const FRAME = new Uint8Array(64);

/** How many records of a ring are read in a second of the reader's time: mapped, and through libbpf's callback. */
export function measureRing(): readonly Result[] {
  using object = BpfObject.open(OBJECT);
  object.load();
  const { fd } = object.findProgram('produce');
  const map = object.findMap('events').fd;
  const mapped: number[] = [];
  const called: number[] = [];
  const produced: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    produced.push(produce(fd));
    mapped.push(readMapped(map));
    produce(fd);
    using reader = CallbackReader.open(map);
    called.push(ratePerSecond(() => reader.consume()));
  }
  const value = median(mapped);
  return [
    { name: 'ring: mapped reader; libbpf callback', value, unit: 'events/s', baseline: median(called) },
    { name: 'ring: mapped reader; producer', value, unit: 'events/s', baseline: median(produced) },
  ];
}

function produce(program: number): number {
  const { durationNs } = runBpfProgram(program, { data: FRAME, repeat: RECORDS });
  return 1e9 / durationNs;
}

function readMapped(map: number): number {
  const reader = RingReader.open(map, RING_BYTES);
  try {
    let sum = 0n;
    const rate = ratePerSecond(() =>
      reader.readBatch((view, offset) => {
        sum += view.getBigUint64(offset, true);
      }, RECORDS * 2),
    );
    return sum < 0n ? 0 : rate;
  } finally {
    reader.close();
  }
}

function ratePerSecond(read: () => number): number {
  const start = performance.now();
  const count = read();
  return (count / (performance.now() - start)) * 1000;
}

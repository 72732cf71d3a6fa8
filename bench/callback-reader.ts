import koffi from 'koffi';
import { BenchError } from './errors.ts';

const library = koffi.load('libbpf.so.1');
const onRecord = koffi.proto('int onRecord(void *context, void *data, size_t length)');
const create = library.func(
  'void *ring_buffer__new(int fd, onRecord *callback, void *context, void *options)',
);
const consume = library.func('int ring_buffer__consume(void *ring)');
const free = library.func('void ring_buffer__free(void *ring)');

/** A ring read as libbpf has it: one callback for each record. The comparison for the reader of ours. */
export class CallbackReader {
  readonly #callback: bigint;
  readonly #ring: unknown;
  #sum = 0n;

  private constructor(map: number) {
    this.#callback = koffi.register((_context: unknown, data: unknown) => {
      const first: unknown = koffi.decode(data, 'uint64');
      this.#sum += BigInt(Number(first));
      return 0;
    }, koffi.pointer(onRecord));
    this.#ring = create(map, this.#callback, null, null);
    if (this.#ring === null)
      throw new BenchError('RING_UNAVAILABLE', `ring ${map}: expected libbpf to map it`);
  }

  /** Maps the ring of a descriptor. */
  static open(map: number): CallbackReader {
    return new CallbackReader(map);
  }

  /** Reads everything; returns how many records there were. */
  consume(): number {
    return Number(consume(this.#ring));
  }

  [Symbol.dispose](): void {
    free(this.#ring);
    koffi.unregister(this.#callback);
  }
}

import { fileURLToPath } from 'node:url';
import { BpfMap, BpfObject, runBpfProgram } from '@kubearmor/kernel';
import type { RuleImage } from '../image/rule-image.js';
import { ImageMaps } from '../image-maps.js';
import { KIND } from '../layout.js';

/** One file or program as the matching core is asked about it. */
export interface MatchCase {
  readonly kind: 'file' | 'process';
  /** The names under which it is judged; at most three. */
  readonly names: readonly { readonly path: string; readonly allows?: boolean }[];
  readonly requested?: string;
  /** `dev:ino`. */
  readonly fileId?: string;
  readonly isSubtree?: boolean;
  readonly hasNoPosture?: boolean;
  readonly exe: string;
  readonly parentExe?: string;
  /** Bit 0: whether it writes. Of a program: the lists of arguments that allow it. */
  readonly mask: bigint;
  readonly isOwner: boolean;
  readonly hasTty: boolean;
}

/** What the core answers. */
export interface MatchAnswer {
  readonly isDenied: boolean;
  /** Place of the rule in the rule set, or one of {@link RULE}. */
  readonly rule: number;
  readonly isBroken: boolean;
}

const OBJECT = fileURLToPath(new URL('../../../../../build/bpf/match_test.bpf.o', import.meta.url));
/** Emptying a slot and filling it takes the kernel a while; so few are in use at a time that it does not matter. */
const SLOTS = 16;

/** The matching core in the kernel, run on cases without being attached to anything. */
export class MatchCore implements Disposable {
  readonly #object: BpfObject;
  readonly #cases: BpfMap;
  readonly #images: ImageMaps;
  readonly #program: number;
  readonly #bytes: Buffer;
  readonly #at: ReadonlyMap<string, number>;
  #slot = 0;

  constructor() {
    this.#object = BpfObject.open(OBJECT);
    ImageMaps.load(this.#object);
    this.#cases = this.#object.findMap('match_cases').open();
    this.#images = ImageMaps.of(this.#object);
    this.#program = this.#object.findProgram('match_test').fd;
    this.#bytes = Buffer.alloc(this.#cases.valueSize);
    this.#at = placesIn(this.#object);
  }

  /** Takes an image in the place of the one before. */
  use(image: RuleImage): void {
    this.#slot = (this.#slot + 1) % SLOTS;
    this.#images.remove(this.#slot);
    this.#images.install(this.#slot, image);
  }

  ask(asked: MatchCase): MatchAnswer {
    const bytes = this.#bytes.fill(0);
    bytes.writeUInt32LE(this.#slot, this.#place('set'));
    bytes.writeUInt32LE(KIND[asked.kind], this.#place('kind'));
    bytes.writeUInt32LE(asked.names.length, this.#place('names'));
    const [device, inode] = (asked.fileId ?? '').split(':');
    if (device !== undefined && inode !== undefined) {
      bytes.writeUInt32LE(1, this.#place('has_file'));
      bytes.writeUInt32LE(Number(device), this.#place('device'));
      bytes.writeBigUInt64LE(BigInt(inode), this.#place('inode'));
    }
    bytes.writeUInt32LE(asked.isSubtree === true ? 1 : 0, this.#place('is_subtree'));
    bytes.writeUInt32LE(asked.hasNoPosture === true ? 1 : 0, this.#place('has_no_posture'));
    const facts = this.#place('facts');
    bytes.writeBigUInt64LE(asked.mask, facts);
    bytes.writeUInt32LE(asked.isOwner ? 1 : 0, facts + 16);
    bytes.writeUInt32LE(asked.hasTty ? 1 : 0, facts + 20);
    asked.names.forEach(({ path, allows }, index) => {
      this.#writeName(this.#place('name') + index * this.#place('size of name'), path, allows ?? true);
    });
    if (asked.requested !== undefined) this.#writeName(this.#place('requested'), asked.requested, true);
    this.#writeName(this.#place('exe'), asked.exe, true);
    if (asked.parentExe !== undefined) this.#writeName(this.#place('parent'), asked.parentExe, true);
    this.#cases.update(ZERO, bytes);
    runBpfProgram(this.#program, { context: new Uint8Array(16) });
    this.#cases.lookup(ZERO, bytes);
    const answer = this.#place('answer');
    return {
      isDenied: bytes.readUInt32LE(answer) !== 0,
      rule: bytes.readUInt32LE(answer + 4),
      isBroken: bytes.readUInt32LE(answer + 8) !== 0,
    };
  }

  [Symbol.dispose](): void {
    this.#images.close();
    this.#cases.close();
    this.#object.close();
  }

  /** The path, and the slash that the core expects behind it. */
  #writeName(at: number, path: string, allows: boolean): void {
    const text = Buffer.from(`${path}/`);
    this.#bytes.writeUInt32LE(text.length, at);
    this.#bytes.writeUInt32LE(allows ? 1 : 0, at + 4);
    text.copy(this.#bytes, at + this.#place('text in name') + this.#place('text in text'));
  }

  #place(name: string): number {
    return this.#at.get(name) ?? -1;
  }
}

const ZERO = new Uint8Array(4);

function placesIn({ btf }: BpfObject): ReadonlyMap<string, number> {
  const places = (struct: string): readonly (readonly [string, number])[] =>
    (btf.findStruct(struct)?.members ?? []).map(({ name, offsetBits }) => [name, offsetBits / 8]);
  return new Map([
    ...places('match_case'),
    ['size of name', btf.findStruct('match_name')?.sizeBytes ?? 0],
    ['text in name', new Map(places('match_name')).get('text') ?? 0],
    ['text in text', new Map(places('match_text')).get('text') ?? 0],
  ]);
}

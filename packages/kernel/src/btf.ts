import { KernelError } from './errors.js';

/** A member of a struct or union. */
export interface BtfMember {
  readonly name: string;
  readonly offsetBits: number;
  /** The width of a bit field; 0 for an ordinary member. */
  readonly bits: number;
  readonly sizeBytes: number;
}

/** The layout of a struct or union. */
export interface BtfStruct {
  readonly name: string;
  readonly sizeBytes: number;
  readonly members: readonly BtfMember[];
}

/** A global variable and where it is in its section. */
export interface BtfVariable {
  readonly name: string;
  readonly section: string;
  readonly offset: number;
  readonly sizeBytes: number;
}

/** The types and global variables that BTF describes. */
export interface Btf {
  /** The first struct or union of that name. */
  findStruct(name: string): BtfStruct | undefined;
  /** The values of the first enum of that name. */
  findEnum(name: string): ReadonlyMap<string, number> | undefined;
  /** The type id of a function, which attaching to it needs. */
  findFunctionId(name: string): number | undefined;
  /** The type ids of the prototypes of those of some functions that there are, in one pass over the types. */
  findPrototypeIds(names: ReadonlySet<string>): ReadonlyMap<string, number>;
  /** How many bytes what a prototype returns has: 1 for a bool, 0 for nothing. */
  returnedBytes(prototypeId: number): number;
  /** Every global variable of every section. */
  readonly variables: readonly BtfVariable[];
}

const MAGIC = 0xeb9f;
const KIND = {
  int: 1,
  pointer: 2,
  array: 3,
  struct: 4,
  union: 5,
  enum: 6,
  typedef: 8,
  volatile: 9,
  const: 10,
  restrict: 11,
  function: 12,
  prototype: 13,
  variable: 14,
  section: 15,
  float: 16,
  tag: 17,
  typeTag: 18,
  enum64: 19,
} as const;

const POINTER_SIZE = 8;
const HEADER_SIZE = 24;

/** Decodes raw BTF (a .BTF section, /sys/kernel/btf/vmlinux, or what libbpf holds). Offsets are kept; names are read when asked for. */
export function decodeBtf(bytes: Uint8Array): Btf {
  const table = new TypeTable(bytes);
  return {
    findStruct: (name) => table.findStruct(name),
    findEnum: (name) => table.findEnum(name),
    findFunctionId: (name) => table.find(name, [KIND.function]) || undefined,
    findPrototypeIds: (names) => table.findPrototypeIds(names),
    returnedBytes: (id) => table.returnedBytes(id),
    get variables() {
      return table.variables();
    },
  };
}

class TypeTable {
  readonly #view: DataView;
  readonly #strings: Uint8Array;
  // Offsets of the types by id; id 0 is void and has none.
  readonly #offsets: number[] = [0];

  constructor(bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (bytes.length < HEADER_SIZE || this.#u16(0) !== MAGIC) {
      throw new KernelError(
        'MALFORMED_DATA',
        `BTF: expected little-endian magic 0xeb9f in ${bytes.length} bytes`,
      );
    }
    const header = this.#u32(4);
    const start = header + this.#u32(8);
    const end = start + this.#u32(12);
    const strings = header + this.#u32(16);
    const stringsEnd = strings + this.#u32(20);
    if (end > bytes.length || stringsEnd > bytes.length) {
      throw new KernelError(
        'MALFORMED_DATA',
        `BTF: expected ${Math.max(end, stringsEnd)} bytes, got ${bytes.length}`,
      );
    }
    this.#strings = bytes.subarray(strings, stringsEnd);
    for (let offset = start; offset < end; offset += this.#lengthAt(offset, end)) this.#offsets.push(offset);
  }

  find(name: string, kinds: readonly number[]): number {
    const wanted = Buffer.from(`${name}\0`);
    for (let id = 1; id < this.#offsets.length; id++) {
      if (kinds.includes(this.#kind(id)) && this.#hasName(id, wanted)) return id;
    }
    return 0;
  }

  findPrototypeIds(names: ReadonlySet<string>): ReadonlyMap<string, number> {
    const found = new Map<string, number>();
    for (let id = 1; id < this.#offsets.length; id++) {
      if (this.#kind(id) !== KIND.function) continue;
      const offset = this.#offset(id);
      const name = this.#string(this.#u32(offset));
      // A name may be there twice; libbpf, too, takes the first.
      if (names.has(name) && !found.has(name)) found.set(name, this.#u32(offset + 8));
    }
    return found;
  }

  returnedBytes(prototypeId: number): number {
    return this.#sizeOf(this.#u32(this.#offset(prototypeId) + 8));
  }

  findStruct(name: string): BtfStruct | undefined {
    const id = this.find(name, [KIND.struct, KIND.union]);
    if (id === 0) return undefined;
    const offset = this.#offset(id);
    const hasBits = this.#u32(offset + 4) >>> 31 === 1;
    const members = Array.from({ length: this.#count(id) }, (_, index): BtfMember => {
      const at = offset + 12 + index * 12;
      const position = this.#u32(at + 8);
      return {
        name: this.#string(this.#u32(at)),
        offsetBits: hasBits ? position & 0xff_ffff : position,
        bits: hasBits ? position >>> 24 : 0,
        sizeBytes: this.#sizeOf(this.#u32(at + 4)),
      };
    });
    return { name, sizeBytes: this.#u32(offset + 8), members };
  }

  findEnum(name: string): ReadonlyMap<string, number> | undefined {
    const id = this.find(name, [KIND.enum]);
    if (id === 0) return undefined;
    const values = new Map<string, number>();
    for (let index = 0; index < this.#count(id); index++) {
      const at = this.#offset(id) + 12 + index * 8;
      values.set(this.#string(this.#u32(at)), this.#view.getInt32(at + 4, true));
    }
    return values;
  }

  variables(): readonly BtfVariable[] {
    const found: BtfVariable[] = [];
    for (let id = 1; id < this.#offsets.length; id++) {
      if (this.#kind(id) === KIND.section) found.push(...this.#sectionVariables(id));
    }
    return found;
  }

  #sectionVariables(id: number): BtfVariable[] {
    const section = this.#string(this.#u32(this.#offset(id)));
    return Array.from({ length: this.#count(id) }, (_, index) => {
      const at = this.#offset(id) + 12 + index * 12;
      const name = this.#string(this.#u32(this.#offset(this.#u32(at))));
      return { name, section, offset: this.#u32(at + 4), sizeBytes: this.#u32(at + 8) };
    });
  }

  #sizeOf(id: number): number {
    // A chain of modifiers longer than this is a loop.
    for (let type = id, depth = 0; depth < 64; depth++) {
      if (type === 0) return 0;
      const offset = this.#offset(type);
      switch (this.#kind(type)) {
        case KIND.pointer:
          return POINTER_SIZE;
        case KIND.array:
          return this.#sizeOf(this.#u32(offset + 12)) * this.#u32(offset + 20);
        case KIND.typedef:
        case KIND.volatile:
        case KIND.const:
        case KIND.restrict:
        case KIND.typeTag:
        case KIND.variable:
          type = this.#u32(offset + 8);
          break;
        case KIND.int:
        case KIND.struct:
        case KIND.union:
        case KIND.enum:
        case KIND.enum64:
        case KIND.float:
          return this.#u32(offset + 8);
        default:
          return 0;
      }
    }
    return 0;
  }

  #lengthAt(offset: number, end: number): number {
    if (offset + 12 > end)
      throw new KernelError('MALFORMED_DATA', `BTF: type at ${offset} runs over the end`);
    const info = this.#u32(offset + 4);
    return 12 + extraLength((info >>> 24) & 0x1f, info & 0xffff, offset);
  }

  #offset(id: number): number {
    const offset = this.#offsets[id];
    if (offset === undefined) throw new KernelError('MALFORMED_DATA', `BTF: no type ${id}`);
    return offset;
  }

  #kind(id: number): number {
    return (this.#u32(this.#offset(id) + 4) >>> 24) & 0x1f;
  }

  #count(id: number): number {
    return this.#u32(this.#offset(id) + 4) & 0xffff;
  }

  #hasName(id: number, wanted: Uint8Array): boolean {
    const start = this.#u32(this.#offset(id));
    for (let index = 0; index < wanted.length; index++) {
      if (this.#strings[start + index] !== wanted[index]) return false;
    }
    return true;
  }

  #string(start: number): string {
    const end = this.#strings.indexOf(0, start);
    return Buffer.from(this.#strings.subarray(start, end < 0 ? undefined : end)).toString('latin1');
  }

  #u16(offset: number): number {
    return this.#view.getUint16(offset, true);
  }

  #u32(offset: number): number {
    return this.#view.getUint32(offset, true);
  }
}

function extraLength(kind: number, count: number, offset: number): number {
  switch (kind) {
    case KIND.int:
    case KIND.variable:
    case KIND.tag:
      return 4;
    case KIND.array:
      return 12;
    case KIND.struct:
    case KIND.union:
    case KIND.section:
    case KIND.enum64:
      return 12 * count;
    case KIND.enum:
    case KIND.prototype:
      return 8 * count;
    default:
      if (kind === 0 || kind > KIND.enum64) {
        throw new KernelError('MALFORMED_DATA', `BTF: unknown kind ${kind} at ${offset}`);
      }
      return 0;
  }
}

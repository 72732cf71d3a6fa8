/** Memory that messages are written into, to be used again when nobody holds it any more. Whoever takes it holds it. */
export interface Slab {
  readonly bytes: Buffer;
  /** One more holds it. */
  hold(): void;
  /** One fewer holds it; it must not be read by that one any more. */
  release(): void;
  /** It may still be read by somebody who does not say when he has done: it is not used again. */
  taint(): void;
}

/** Where slabs come from. */
export interface Slabs {
  /** A slab of at least so many bytes. */
  take(neededBytes: number): Slab;
}

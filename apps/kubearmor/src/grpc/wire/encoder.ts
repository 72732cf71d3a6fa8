import type { FrameWriter } from './frame-writer.js';

/** Turns something into one gRPC message. */
export interface Encoder<Item> {
  /** Writes one message; false when it is too long for any client and nothing was written. */
  encode(item: Item, frames: FrameWriter): boolean;
  /** Whose it is: its ContainerID, empty for the host. */
  workloadOf(item: Item): string;
}

import type { Message } from '@kubearmor/telemetry';
import type { Encoder } from './encoder.js';
import type { FrameWriter } from './frame-writer.js';
import { FIXED_BYTES, maxTextBytes } from './room.js';

/** The numbers of `feeder.Message`. */
const MESSAGE = {
  Timestamp: 1,
  UpdatedTime: 2,
  ClusterName: 3,
  HostName: 4,
  HostIP: 5,
  Type: 6,
  Level: 7,
  Message: 8,
} as const;

/** Encodes the lines of the agent's own log. */
export class MessageEncoder implements Encoder<Message> {
  encode(message: Message, frames: FrameWriter): boolean {
    frames.begin(FIXED_BYTES + maxTextBytes(message));
    const { wire } = frames;
    wire.int64(MESSAGE.Timestamp, message.Timestamp);
    wire.text(MESSAGE.UpdatedTime, message.UpdatedTime);
    wire.text(MESSAGE.ClusterName, message.ClusterName);
    wire.text(MESSAGE.HostName, message.HostName);
    wire.text(MESSAGE.HostIP, message.HostIP);
    wire.text(MESSAGE.Type, message.Type);
    wire.text(MESSAGE.Level, message.Level);
    wire.text(MESSAGE.Message, message.Message);
    return frames.end(this.workloadOf());
  }

  workloadOf(): string {
    return '';
  }
}

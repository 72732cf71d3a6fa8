import type { CallDescription } from './calls/call.js';
import type { ProcessImage } from './process/process-image.js';
import type { ProcessNode } from './process/process-node.js';
import type { EventView } from './record/event-view.js';

/** One thing that a process did. Valid only while it is handed over: the view under it is used again for the next one. */
export type MonitorEvent =
  | { readonly kind: 'fork'; readonly view: EventView; readonly process: ProcessNode }
  /** `caller` is what the process ran before. */
  | {
      readonly kind: 'exec';
      readonly view: EventView;
      readonly process: ProcessNode;
      readonly caller: ProcessImage;
    }
  | { readonly kind: 'exit'; readonly view: EventView; readonly process: ProcessNode }
  | {
      readonly kind: 'call';
      readonly view: EventView;
      readonly process: ProcessNode;
      readonly call: CallDescription;
    }
  | {
      readonly kind: 'capability';
      readonly view: EventView;
      readonly process: ProcessNode;
      readonly capability: number;
    }
  | { readonly kind: 'dns'; readonly view: EventView; readonly process: ProcessNode }
  | { readonly kind: 'io-uring'; readonly view: EventView; readonly process: ProcessNode };

import type { Denials } from '../guarded-workload.js';
import type { SpareFile } from '../journal/spare-segment.js';

/** What the keeper tells the thread that stands in for an answerer. */
export type StandInOrder =
  /** Answer from now on. */
  | { readonly kind: 'start' }
  | { readonly kind: 'stop' }
  /** Answer what an answerer that has ended had taken: the descriptor of the memory shared with it. */
  | { readonly kind: 'finish'; readonly shared: number }
  /** Look after an answerer: end it when it is silent, answer in its place when it has ended. */
  | { readonly kind: 'watch'; readonly pidfd: number; readonly shared: number }
  | { readonly kind: 'unwatch' }
  | { readonly kind: 'denials'; readonly workload: number; readonly denials: Denials | undefined }
  | ({ readonly kind: 'segment' } & SpareFile)
  | { readonly kind: 'end' };

/** What the thread tells the keeper. */
export type StandInReport =
  { readonly kind: 'segmentWanted' } | { readonly kind: 'fault'; readonly message: string };

/** Places in the memory that both share. */
export const CONTROL = { taken: 0, unjudged: 1, ended: 2, words: 3 } as const;

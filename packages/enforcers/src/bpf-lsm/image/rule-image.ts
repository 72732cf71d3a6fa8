import type { BoundRuleSet } from '@kubearmor/policy';
import { LIMITS } from '../layout.js';
import { ArgumentLists } from './argument-lists.js';
import { fixedImage } from './fixed-image.js';
import type { PathImage } from './image-writer.js';
import { PathHash } from './path-hash.js';
import { pathImage } from './path-image.js';
import { SourceClasses } from './source-classes.js';
import { sourceImage } from './source-image.js';

/** A bound rule set as the kernel decides by it. A kind without rules has no tables: nothing of that kind is ever denied. */
export interface RuleImage {
  readonly file?: PathImage;
  readonly process?: PathImage;
  readonly source?: PathImage;
  /** Sockets and capabilities: rows only. */
  readonly fixed?: Uint8Array;
  readonly classes: SourceClasses;
  readonly lists: ArgumentLists;
}

/** What an image is made with. */
export interface RuleImageOptions {
  /** Names the image: whatever of it is read must have it. */
  readonly generation: bigint;
  /** Fills memory with secret random bytes. */
  readonly fillRandom: (bytes: Uint8Array) => void;
}

/** Makes the image of a rule set; throws RULE_SET_TOO_LARGE where the kernel's tables cannot hold it. */
export function ruleImage(bound: BoundRuleSet, { generation, fillRandom }: RuleImageOptions): RuleImage {
  const classes = new SourceClasses(bound.rules);
  const lists = new ArgumentLists(bound.rules);
  const keys = new Uint32Array(LIMITS.keys);
  fillRandom(new Uint8Array(keys.buffer));
  const context = { classes, lists, hash: new PathHash(keys), generation };
  const fixed = fixedImage(bound, classes);
  return {
    ...(!bound.file.isEmpty && { file: pathImage(bound, 'file', context) }),
    ...(!bound.process.isEmpty && { process: pathImage(bound, 'process', context) }),
    ...(classes.count > 1 && { source: sourceImage(context) }),
    ...(fixed && { fixed }),
    classes,
    lists,
  };
}

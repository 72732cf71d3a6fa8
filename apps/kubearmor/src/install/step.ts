/** One thing that an installation does. Paths are those of the machine, whatever directory stands for its root. */
export type Step =
  | { readonly kind: 'directory'; readonly path: string; readonly mode: number }
  /** A file as it is, or a directory without what only development needs. */
  | { readonly kind: 'copy'; readonly from: string; readonly path: string }
  | { readonly kind: 'link'; readonly path: string; readonly target: string }
  | {
      readonly kind: 'file';
      readonly path: string;
      readonly content: string;
      readonly mode: number;
      /** Whether one that is there stays. */
      readonly isKept: boolean;
    }
  /** What was made ready beside it takes the place of what was there. */
  | { readonly kind: 'replace'; readonly path: string; readonly by: string };

/** A step in words, for `--dry-run`. */
export function describeStep(step: Step): string {
  switch (step.kind) {
    case 'directory':
      return `directory ${step.path}`;
    case 'copy':
      return `copy      ${step.path} from ${step.from}`;
    case 'link':
      return `link      ${step.path} to ${step.target}`;
    case 'file':
      return `file      ${step.path}${step.isKept ? ', unless there is one' : ''}`;
    case 'replace':
      return `replace   ${step.path} by ${step.by}`;
  }
}

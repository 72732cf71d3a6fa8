import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { KarmorError } from '../errors.js';
import { DEFAULT_NAMESPACE } from './default-namespace.js';
import type { TextFile } from './read-files.js';

/** One policy of a file, as it was written. */
export interface PolicyDocument {
  readonly file: string;
  readonly line: number;
  readonly kind: string;
  /** `<kind>/<namespace>/<name>`. */
  readonly key: string;
  /** The whole document, unchecked but for the names above. */
  readonly object: Readonly<Record<string, unknown>>;
  /** Its own text. */
  readonly text: string;
  /** Its own text on the lines that it has in the file. */
  readonly textInPlace: string;
}

const headSchema = z.looseObject({
  kind: z.string(),
  metadata: z.looseObject({ name: z.string().min(1), namespace: z.string().nullish() }),
});

/** The policies of a file. Empty documents are none. Throws POLICY_INVALID for what is not YAML or has no kind and name. */
export function readPolicyDocuments({ name: file, text }: TextFile): readonly PolicyDocument[] {
  const documents = parseAllDocuments(text, { prettyErrors: false });
  // An empty text gives an empty list of another type.
  if (!Array.isArray(documents)) return [];
  return documents.flatMap((document): PolicyDocument[] => {
    const line = lineOf(text, document.contents?.range[0] ?? document.range[0]);
    const [error] = document.errors;
    if (error !== undefined) throw invalid(file, lineOf(text, error.pos[0]), `YAML, got: ${error.message}`);
    const value: unknown = document.toJS();
    if (value === null || value === undefined) return [];
    const head = headSchema.safeParse(value);
    if (!head.success)
      throw invalid(file, line, `a policy with kind and metadata.name: ${z.prettifyError(head.error)}`);
    const { kind } = head.data;
    const own = text.slice(document.range[0], document.range[1]);
    const linesBefore = text.slice(0, document.range[0]).replaceAll(/[^\n]/g, '');
    return [
      {
        file,
        line,
        kind,
        key: keyOf(head.data),
        object: head.data,
        text: own.replace(/^---[^\n]*\n/, ''),
        textInPlace: linesBefore + own,
      },
    ];
  });
}

function keyOf({ kind, metadata }: z.infer<typeof headSchema>): string {
  const namespace = metadata.namespace ?? '';
  const isNamespaced = kind === 'KubeArmorPolicy';
  return `${kind}/${isNamespaced ? namespace || DEFAULT_NAMESPACE : ''}/${metadata.name}`;
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

function invalid(file: string, line: number, expected: string): KarmorError {
  return new KarmorError('POLICY_INVALID', `${file}:${line}: expected ${expected}`);
}

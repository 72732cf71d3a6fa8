import { RE2JS, RE2JSSyntaxException } from 're2js';
import { KarmorError } from '../errors.js';

/** Which events are shown; what is undefined or empty says nothing. */
export interface EventFilterOptions {
  readonly namespace: string | undefined;
  readonly operation: string | undefined;
  readonly logType: string | undefined;
  readonly container: string | undefined;
  readonly pod: string | undefined;
  readonly resource: string | undefined;
  readonly source: string | undefined;
  /** `key=value`, one of which a workload must have. */
  readonly labels: readonly string[];
}

/** Of an alert or a log what is looked at. */
export interface FilteredEvent {
  readonly NamespaceName?: string;
  readonly Operation?: string;
  readonly Type?: string;
  readonly ContainerName?: string;
  readonly PodName?: string;
  readonly Resource?: string;
  readonly Source?: string;
  readonly Labels?: string;
}

type PatternFlag = Exclude<keyof EventFilterOptions, 'labels'>;

const PATTERNS: readonly (readonly [PatternFlag, keyof FilteredEvent, 'any-case' | 'exact-case'])[] = [
  ['namespace', 'NamespaceName', 'any-case'],
  ['operation', 'Operation', 'any-case'],
  ['logType', 'Type', 'any-case'],
  ['container', 'ContainerName', 'any-case'],
  ['pod', 'PodName', 'any-case'],
  ['resource', 'Resource', 'exact-case'],
  ['source', 'Source', 'exact-case'],
];

/** Selects events as KubeArmor's client does, except that an event without labels is of no label. */
export class EventFilter {
  readonly #patterns: readonly { readonly field: keyof FilteredEvent; readonly pattern: RE2JS }[];
  readonly #labels: ReadonlySet<string>;

  /** Throws USAGE_INVALID for what is no regular expression. */
  constructor(options: EventFilterOptions) {
    this.#patterns = PATTERNS.flatMap(([flag, field, letters]) => {
      const text = options[flag] ?? '';
      return text === '' ? [] : [{ field, pattern: compile(flag, text, letters === 'any-case') }];
    });
    this.#labels = new Set(options.labels);
  }

  /** Whether all filters match. */
  matches(event: FilteredEvent): boolean {
    const isMatched = this.#patterns.every(({ field, pattern }) => {
      const value = event[field] ?? '';
      return value !== '' && pattern.test(value);
    });
    return isMatched && this.#hasLabel(event.Labels ?? '');
  }

  #hasLabel(labels: string): boolean {
    return this.#labels.size === 0 || labels.split(',').some((label) => this.#labels.has(label.trim()));
  }
}

function compile(flag: PatternFlag, text: string, isAnyCase: boolean): RE2JS {
  try {
    return RE2JS.compile(text, isAnyCase ? RE2JS.CASE_INSENSITIVE : 0);
  } catch (cause) {
    if (!(cause instanceof RE2JSSyntaxException)) throw cause;
    throw new KarmorError(
      'USAGE_INVALID',
      `--${flag}: expected a regular expression of RE2, got ${text}: ${cause.message}`,
      {
        cause,
      },
    );
  }
}

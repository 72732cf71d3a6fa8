import { isAlias, isScalar, isSeq } from 'yaml';
import type { Alias, LineCounter, ParsedNode, YAMLMap, YAMLSeq } from 'yaml';
import type { ProblemCode, Report } from './finding.js';
import type { DocumentNode, MapEntry, Position, ScalarNode } from './document-node.js';
import { fieldPath, itemPath, wholeDocument } from './document-path.js';
import { maxDepth, maxNodes } from './limits.js';

interface Anchored {
  readonly node: DocumentNode;
  readonly size: number;
}

/**
 * Turns the parser's tree of one document into ours: aliases and merge keys expanded, keys unique.
 * An alias shares the node that it names; the budget counts it as if it were copied, so that a small
 * file cannot make a large document.
 */
export class YamlTree {
  readonly #lines: LineCounter;
  readonly #report: Report;
  readonly #anchors = new Map<string, Anchored | 'open'>();
  #size = 0;
  #failed = false;
  #isTooLarge = false;

  constructor(lines: LineCounter, report: Report) {
    this.#lines = lines;
    this.#report = report;
  }

  /** The whole document, or nothing where a finding was reported. */
  read(root: ParsedNode | null): DocumentNode | undefined {
    const node = this.#read(root, wholeDocument, { line: 1, column: 1 }, 0);
    return this.#failed ? undefined : node;
  }

  #read(node: ParsedNode | null, path: string, parent: Position, depth: number): DocumentNode {
    const position = node === null ? parent : this.#position(node);
    this.#size += 1;
    if (depth > maxDepth || this.#size > maxNodes) return this.#refuseSize(path, position);
    if (node === null) return { kind: 'scalar', position, value: null, isPlain: true };
    if (isAlias(node)) return this.#readAlias(node, path, position);
    if (node.anchor === undefined) return this.#readContent(node, path, position, depth);
    this.#anchors.set(node.anchor, 'open');
    const before = this.#size;
    const content = this.#readContent(node, path, position, depth);
    this.#anchors.set(node.anchor, { node: content, size: this.#size - before });
    return content;
  }

  #readContent(
    node: Exclude<ParsedNode, Alias.Parsed>,
    path: string,
    position: Position,
    depth: number,
  ): DocumentNode {
    if (isScalar(node))
      return { kind: 'scalar', position, value: node.value, isPlain: node.type === 'PLAIN' };
    if (isSeq<ParsedNode>(node)) return { kind: 'list', position, items: this.#readItems(node, path, depth) };
    return { kind: 'map', position, entries: this.#readEntries(node, path, depth) };
  }

  #readAlias(alias: Alias.Parsed, path: string, position: Position): DocumentNode {
    const target = this.#anchors.get(alias.source);
    if (target !== undefined && target !== 'open') {
      this.#size += target.size;
      return this.#size > maxNodes ? this.#refuseSize(path, position) : target.node;
    }
    const got = target === 'open' ? 'an alias of a value that contains it' : 'no such anchor';
    return this.#fail('YAML_ALIAS', path, position, `an anchor &${alias.source} before its alias`, got);
  }

  #readItems(list: YAMLSeq<ParsedNode>, path: string, depth: number): readonly DocumentNode[] {
    const items: DocumentNode[] = [];
    for (const [index, item] of list.items.entries()) {
      items.push(this.#read(item, itemPath(path, index), this.#position(item), depth + 1));
      if (this.#size > maxNodes) break;
    }
    return items;
  }

  #readEntries(
    map: YAMLMap<ParsedNode, ParsedNode | null>,
    path: string,
    depth: number,
  ): readonly MapEntry[] {
    const own = new Map<string, MapEntry>();
    const merged: MapEntry[] = [];
    for (const { key, value } of map.items) {
      const keyPosition = this.#position(key);
      if (!isScalar(key)) {
        this.#fail('WRONG_TYPE', path, keyPosition, 'a field name', 'a structured key');
        continue;
      }
      const name = typeof key.value === 'string' ? key.value : key.source;
      const at = fieldPath(path, name);
      const entry = { key: name, keyPosition, value: this.#read(value, at, keyPosition, depth + 1) };
      if (name === '<<' && key.type === 'PLAIN') merged.push(...this.#mergedEntries(entry, at));
      else if (own.has(name))
        this.#fail('DUPLICATE_FIELD', at, keyPosition, 'each field once', `${name} again`);
      else own.set(name, entry);
      if (this.#size > maxNodes) break;
    }
    for (const entry of merged) if (!own.has(entry.key)) own.set(entry.key, entry);
    return [...own.values()];
  }

  #mergedEntries({ value }: MapEntry, path: string): readonly MapEntry[] {
    if (value.kind === 'map') return value.entries;
    const maps = value.kind === 'list' ? value.items.filter((item) => item.kind === 'map') : [];
    if (value.kind !== 'list' || maps.length < value.items.length) {
      this.#fail('WRONG_TYPE', path, value.position, 'a map to merge', 'something else');
    }
    return maps.flatMap((map) => map.entries);
  }

  #refuseSize(path: string, position: Position): DocumentNode {
    if (this.#isTooLarge) return refused(position);
    this.#isTooLarge = true;
    const expected = `at most ${maxNodes} values, nested at most ${maxDepth} deep, aliases expanded`;
    return this.#fail('DOCUMENT_TOO_LARGE', path, position, expected, 'more');
  }

  #fail(code: ProblemCode, path: string, position: Position, expected: string, got: string): ScalarNode {
    this.#report({ code, path, position, expected, got });
    this.#failed = true;
    return refused(position);
  }

  #position(node: ParsedNode): Position {
    const { line, col } = this.#lines.linePos(node.range[0]);
    return { line, column: col };
  }
}

/** What stands in the place of something that was reported. */
function refused(position: Position): ScalarNode {
  return { kind: 'scalar', position, value: undefined, isPlain: true };
}

import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { z } from 'zod';

/** Of an alert what the tests look at. */
export interface SeenAlert {
  /** The scope's id. */
  readonly scope: number;
  /** The process id as the scope counts. */
  readonly pid: number;
  readonly policyName: string;
  readonly rule: string;
  readonly action: string;
  readonly result: string;
  readonly enforcer: string;
  readonly severity: string;
  readonly tags: readonly string[];
  readonly message: string;
  readonly operation: string;
  readonly resource: string;
}

const schema = z
  .object({
    ContainerID: z.coerce.number().catch(0),
    PID: z.number().default(0),
    PolicyName: z.string().default(''),
    Action: z.string().default(''),
    Result: z.string().default(''),
    Enforcer: z.string().default(''),
    Severity: z.string().default(''),
    ATags: z.array(z.string()).default([]),
    Message: z.string().default(''),
    Operation: z.string().default(''),
    Resource: z.string().default(''),
    EventData: z.record(z.string(), z.string()).default({}),
  })
  .transform((alert): SeenAlert => ({
    scope: alert.ContainerID,
    pid: alert.PID,
    policyName: alert.PolicyName,
    rule: alert.EventData['Rule'] ?? '',
    action: alert.Action,
    result: alert.Result,
    enforcer: alert.Enforcer,
    severity: alert.Severity,
    tags: alert.ATags,
    message: alert.Message,
    operation: alert.Operation,
    resource: alert.Resource,
  }));

/** The file that an agent writes its alerts to, read as it grows. */
export class AlertFile {
  readonly #path: string;
  readonly #alerts: SeenAlert[] = [];
  readonly #decoder = new StringDecoder('utf8');
  readonly #block = Buffer.alloc(65_536);
  #offset = 0;
  #rest = '';

  constructor(path: string) {
    this.#path = path;
  }

  /** All alerts up to now. */
  read(): readonly SeenAlert[] {
    if (!existsSync(this.#path)) return this.#alerts;
    const fd = openSync(this.#path, 'r');
    try {
      for (let length = this.#readBlock(fd); length > 0; length = this.#readBlock(fd)) this.#take(length);
    } finally {
      closeSync(fd);
    }
    return this.#alerts;
  }

  #readBlock(fd: number): number {
    return readSync(fd, this.#block, 0, this.#block.length, this.#offset);
  }

  #take(length: number): void {
    this.#offset += length;
    const lines = (this.#rest + this.#decoder.write(this.#block.subarray(0, length))).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#alerts.push(schema.parse(JSON.parse(line)));
  }
}

import type { Logger } from '@kubearmor/service';
import { AnswererProcess } from './answerer-process.js';
import type { ProcessIdentity } from '../process-identity.js';
import { Silence } from './silence.js';

/** How answerers are made. */
export interface AnswerersOptions {
  readonly command: readonly [string, ...string[]];
  readonly group: number;
  /** Where their own output goes. */
  readonly log: number;
  readonly logger: Logger;
  readonly createSilence: () => Silence;
  /** One that was taken has ended. */
  readonly onExit: (answerer: AnswererProcess) => void;
  /** There is a spare, or none any more. */
  readonly onSpare: () => void;
}

/** A spare that is silent for so long is no use. */
const SILENCE_MS = 1000;

/** Makes answerers, one in advance: a program that has to be loaded first is late where a machine is busy. */
export class Answerers {
  readonly #options: AnswerersOptions;
  #spare: AnswererProcess | undefined;
  #silence: Silence;
  #isReady = false;

  constructor(options: AnswerersOptions) {
    this.#options = options;
    this.#silence = options.createSilence();
  }

  /** The one that waits to be needed, whether or not it can be taken yet. */
  get spare(): ProcessIdentity | undefined {
    return this.#spare?.identity;
  }

  /** Whether the spare can be taken. */
  get isPrepared(): boolean {
    return this.#isReady;
  }

  /** Gives the spare, or a new one. */
  take(): AnswererProcess {
    const spare = this.#isReady ? this.#spare : undefined;
    if (spare === undefined) return this.#start();
    this.#spare = undefined;
    this.#isReady = false;
    return spare;
  }

  /** Starts a spare unless there is one. */
  prepare(): void {
    if (this.#spare !== undefined) return;
    const spare = this.#start();
    this.#spare = spare;
    this.#isReady = false;
    this.#options.onSpare();
    spare.ready.then(
      () => {
        if (this.#spare !== spare) return;
        this.#silence = this.#options.createSilence();
        this.#isReady = true;
      },
      () => undefined,
    );
  }

  /** Ends a spare that does not live any more. */
  look(nowMs: number): void {
    if (!this.#isReady || this.#spare === undefined) return;
    if (this.#silence.look(this.#spare.shared.heartbeat, nowMs) >= SILENCE_MS) this.#spare.kill();
  }

  /** Ends the spare. */
  async close(): Promise<void> {
    const spare = this.#spare;
    spare?.kill();
    await spare?.ended;
  }

  #start(): AnswererProcess {
    const { command, group, log, logger, onExit } = this.#options;
    const answerer: AnswererProcess = new AnswererProcess({
      command,
      group,
      log,
      onFault: (message) => {
        logger.error({ fault: message }, 'answerer fault');
      },
      onExit: () => {
        if (answerer === this.#spare) this.#drop();
        else onExit(answerer);
      },
    });
    return answerer;
  }

  #drop(): void {
    this.#spare?.shared.close();
    this.#spare = undefined;
    this.#isReady = false;
    this.#options.onSpare();
  }
}

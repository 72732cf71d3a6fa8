import { sendUnixDatagram } from '@kubearmor/kernel';

/** What {@link ServiceNotifier} is told by. */
export type NotifyEnvironment = Record<string, string | undefined>;

/** Sends one datagram to a unix socket. */
export type SendDatagram = (socket: string, message: Uint8Array) => void;

const MICROSECONDS = 1000;

/**
 * Tells systemd how a service is (sd_notify). Without it, nothing is told. The variables are taken out of the
 * environment: they are for this process, not for those it starts.
 */
export class ServiceNotifier {
  readonly #socket: string | undefined;
  readonly #watchdogMs: number | undefined;
  readonly #send: SendDatagram;
  #watchdog: NodeJS.Timeout | undefined;

  constructor(environment: NotifyEnvironment, send: SendDatagram = sendUnixDatagram) {
    this.#socket = environment['NOTIFY_SOCKET'];
    this.#watchdogMs = watchdogMs(environment);
    this.#send = send;
    for (const name of ['NOTIFY_SOCKET', 'WATCHDOG_USEC', 'WATCHDOG_PID'])
      Reflect.deleteProperty(environment, name);
  }

  /** The service works; from here on it is also told, as often as systemd asks, that it still does. */
  ready(status: string): void {
    this.#tell(`READY=1\nSTATUS=${status}`);
    if (this.#watchdogMs === undefined) return;
    this.#watchdog = setInterval(() => {
      this.#tell('WATCHDOG=1');
    }, this.#watchdogMs / 2);
    this.#watchdog.unref();
  }

  /** The service is about to end. */
  stopping(): void {
    clearInterval(this.#watchdog);
    this.#tell('STOPPING=1');
  }

  // A service must not end because its manager does not listen.
  #tell(state: string): void {
    if (this.#socket === undefined) return;
    try {
      this.#send(this.#socket, Buffer.from(state));
    } catch {
      // The next one may arrive; without any, systemd acts as the unit says.
    }
  }
}

function watchdogMs({ WATCHDOG_USEC, WATCHDOG_PID }: NotifyEnvironment): number | undefined {
  const microseconds = Number(WATCHDOG_USEC);
  const isOurs = WATCHDOG_PID === undefined || WATCHDOG_PID === String(process.pid);
  return isOurs && microseconds > 0 ? microseconds / MICROSECONDS : undefined;
}

import { fileURLToPath } from 'node:url';
import * as grpc from '@grpc/grpc-js';
import { loadSync, type ServiceDefinition } from '@grpc/proto-loader';

const PROTO = fileURLToPath(new URL('../../../../../proto', import.meta.url));
const FILES = [
  'kubearmor.proto',
  'policy.proto',
  'grpc/health/v1/health.proto',
  'grpc/reflection/v1/reflection.proto',
  'grpc/reflection/v1alpha/reflection.proto',
];
const definitions = loadSync(FILES, {
  includeDirs: [PROTO],
  keepCase: true,
  longs: Number,
  enums: String,
  arrays: true,
  objects: true,
});

/** A stock client, generated from the .proto files. */
export class StockClient {
  readonly #client: grpc.Client;

  constructor(address: string, credentials: grpc.ChannelCredentials = grpc.credentials.createInsecure()) {
    this.#client = new grpc.Client(address, credentials);
  }

  close(): void {
    this.#client.close();
  }

  async call(service: string, method: string, request: object): Promise<unknown> {
    const { path, requestSerialize, responseDeserialize } = methodOf(service, method);
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.#client.makeUnaryRequest(
      path,
      requestSerialize,
      responseDeserialize,
      request,
      (error, value: unknown) => {
        if (error === null) resolve(value);
        else reject(error);
      },
    );
    return promise;
  }

  /** Calls with metadata, and gives the metadata of the answer. */
  async callWith(
    service: string,
    method: string,
    request: object,
    headers: Readonly<Record<string, string>>,
  ): Promise<grpc.Metadata> {
    const { path, requestSerialize, responseDeserialize } = methodOf(service, method);
    const metadata = new grpc.Metadata();
    for (const [name, value] of Object.entries(headers)) metadata.set(name, value);
    const { promise, resolve, reject } = Promise.withResolvers<grpc.Metadata>();
    const call = this.#client.makeUnaryRequest(
      path,
      requestSerialize,
      responseDeserialize,
      request,
      metadata,
      (error) => {
        if (error === null) resolve(answered);
        else reject(error);
      },
    );
    let answered = new grpc.Metadata();
    call.once('metadata', (metadata: grpc.Metadata) => {
      answered = metadata;
    });
    return promise;
  }

  watch(service: string, method: string, request: object): grpc.ClientReadableStream<unknown> {
    const { path, requestSerialize, responseDeserialize } = methodOf(service, method);
    const stream = this.#client.makeServerStreamRequest(path, requestSerialize, responseDeserialize, request);
    stream.on('error', () => undefined);
    return stream;
  }

  ask(service: string, method: string, requests: readonly object[]): grpc.ClientReadableStream<unknown> {
    const { path, requestSerialize, responseDeserialize } = methodOf(service, method);
    const stream = this.#client.makeBidiStreamRequest(path, requestSerialize, responseDeserialize);
    for (const request of requests) stream.write(request);
    stream.end();
    return stream;
  }
}

function methodOf(service: string, method: string): ServiceDefinition[string] {
  const definition = definitions[service];
  const found = definition !== undefined && !('format' in definition) ? Object.entries(definition) : [];
  const [, each] = found.find(([name]) => name === method) ?? [];
  if (each === undefined) throw new TypeError(`expected a method, got ${service}.${method}`);
  return each;
}

/** The next messages of a stream. */
export async function take(stream: grpc.ClientReadableStream<unknown>, count: number): Promise<unknown[]> {
  const taken: unknown[] = [];
  const { promise, resolve } = Promise.withResolvers<unknown[]>();
  stream.on('data', (message: unknown) => {
    taken.push(message);
    if (taken.length === count) resolve(taken);
  });
  return promise;
}

/** How a stream ends; what comes before is thrown away. */
export async function statusOf(stream: grpc.ClientReadableStream<unknown>): Promise<grpc.StatusObject> {
  const { promise, resolve } = Promise.withResolvers<grpc.StatusObject>();
  stream.on('status', resolve).resume();
  return promise;
}

/** Resolves when the server answers a stream, so that what comes next is for it. */
export async function accepted(stream: grpc.ClientReadableStream<unknown>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<unknown>();
  stream.once('metadata', resolve);
  await promise;
}

import { create, toBinary, type DescFile, type DescService } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';
import { Code, type ServiceImpl } from '@connectrpc/connect';
import {
  ServerReflectionResponseAlphaSchema,
  ServerReflectionResponseSchema,
  type ServerReflection,
  type ServerReflectionAlpha,
  type ServerReflectionRequest,
  type ServerReflectionRequestAlpha,
} from '@kubearmor/protocol';

/** The files and symbols of services, as reflection finds them. */
interface Catalog {
  readonly services: readonly string[];
  readonly files: ReadonlyMap<string, DescFile>;
  readonly symbols: ReadonlyMap<string, DescFile>;
}

type Question = (ServerReflectionRequest | ServerReflectionRequestAlpha)['messageRequest'];

type Answer =
  | { case: 'fileDescriptorResponse'; value: { fileDescriptorProto: Uint8Array<ArrayBuffer>[] } }
  | { case: 'listServicesResponse'; value: { service: { name: string }[] } }
  | { case: 'allExtensionNumbersResponse'; value: { baseTypeName: string } }
  | { case: 'errorResponse'; value: { errorCode: number; errorMessage: string } };

/** Answers gRPC's reflection about these services, in both of its versions. */
export function reflectionServices(services: readonly DescService[]): {
  readonly v1: ServiceImpl<typeof ServerReflection>;
  readonly v1alpha: ServiceImpl<typeof ServerReflectionAlpha>;
} {
  const catalog = catalogOf(services);
  return {
    v1: {
      serverReflectionInfo: async function* (requests) {
        for await (const request of requests) {
          const messageResponse = answer(catalog, request.messageRequest);
          yield create(ServerReflectionResponseSchema, {
            validHost: request.host,
            originalRequest: request,
            messageResponse,
          });
        }
      },
    },
    v1alpha: {
      serverReflectionInfo: async function* (requests) {
        for await (const request of requests) {
          const messageResponse = answer(catalog, request.messageRequest);
          yield create(ServerReflectionResponseAlphaSchema, {
            validHost: request.host,
            originalRequest: request,
            messageResponse,
          });
        }
      },
    },
  };
}

function answer(catalog: Catalog, question: Question): Answer {
  switch (question.case) {
    case 'listServices':
      return { case: 'listServicesResponse', value: { service: catalog.services.map((name) => ({ name })) } };
    case 'fileByFilename':
      return fileAnswer(catalog.files.get(question.value), question.value);
    case 'fileContainingSymbol':
      return fileAnswer(catalog.symbols.get(question.value), question.value);
    case 'allExtensionNumbersOfType':
      return catalog.symbols.has(question.value)
        ? { case: 'allExtensionNumbersResponse', value: { baseTypeName: question.value } }
        : notFound(question.value);
    // proto3 has no extensions.
    case 'fileContainingExtension':
      return notFound(question.value.containingType);
    case undefined:
      return error(Code.InvalidArgument, 'expected a question, got none');
  }
}

function fileAnswer(file: DescFile | undefined, asked: string): Answer {
  if (file === undefined) return notFound(asked);
  const files = new Map<string, DescFile>();
  collect(file, files);
  const bytes = [...files.values()].map(({ proto }) => toBinary(FileDescriptorProtoSchema, proto));
  return { case: 'fileDescriptorResponse', value: { fileDescriptorProto: bytes } };
}

function notFound(asked: string): Answer {
  return error(Code.NotFound, `not found: ${asked}`);
}

function error(errorCode: Code, errorMessage: string): Answer {
  return { case: 'errorResponse', value: { errorCode, errorMessage } };
}

function catalogOf(services: readonly DescService[]): Catalog {
  const files = new Map<string, DescFile>();
  for (const { file } of services) collect(file, files);
  const symbols = new Map<string, DescFile>();
  for (const file of files.values()) {
    for (const name of symbolsOf(file)) symbols.set(name, file);
  }
  return { services: services.map(({ typeName }) => typeName).sort(), files, symbols };
}

/** A file and what it imports, the file first. */
function collect(file: DescFile, into: Map<string, DescFile>): void {
  if (into.has(file.proto.name)) return;
  into.set(file.proto.name, file);
  for (const dependency of file.dependencies) collect(dependency, into);
}

function symbolsOf(file: DescFile): string[] {
  return [
    ...file.services.flatMap(({ typeName, methods }) => [
      typeName,
      ...methods.map(({ name }) => `${typeName}.${name}`),
    ]),
    ...file.messages.flatMap(messageSymbols),
    ...file.enums.map(({ typeName }) => typeName),
  ];
}

function messageSymbols(message: DescFile['messages'][number]): string[] {
  const { typeName, fields, nestedMessages, nestedEnums } = message;
  return [
    typeName,
    ...fields.map(({ name }) => `${typeName}.${name}`),
    ...nestedMessages.flatMap(messageSymbols),
    ...nestedEnums.map((each) => each.typeName),
  ];
}

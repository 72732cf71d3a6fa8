import { fromBinary } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';
import * as grpc from '@grpc/grpc-js';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { cleanUp, connectStock, serve } from '../testing/served.js';
import { take } from '../testing/stock-client.js';

const responseSchema = z.object({
  file_descriptor_response: z.object({ file_descriptor_proto: z.array(z.instanceof(Buffer)) }),
});

afterEach(cleanUp);

describe('reflection', () => {
  for (const version of ['v1', 'v1alpha']) {
    it(`lists services and their files in ${version}`, async () => {
      const { unix } = await serve();
      const requests = [
        { list_services: '' },
        { file_containing_symbol: 'policy.ProbeService' },
        { file_by_filename: 'kubearmor.proto' },
        { file_containing_symbol: 'no.Such' },
      ];
      const service = `grpc.reflection.${version}.ServerReflection`;
      const stream = connectStock(unix).ask(service, 'ServerReflectionInfo', requests);
      const [list, bySymbol, byName, missing] = await take(stream, requests.length);
      expect(list).toMatchObject({
        list_services_response: {
          service: [
            { name: 'feeder.LogService' },
            { name: 'grpc.health.v1.Health' },
            { name: 'grpc.reflection.v1.ServerReflection' },
            { name: 'grpc.reflection.v1alpha.ServerReflection' },
            { name: 'policy.PolicyService' },
            { name: 'policy.ProbeService' },
          ],
        },
      });
      expect(namesOf(bySymbol)).toEqual(['policy.proto', 'google/protobuf/empty.proto']);
      expect(namesOf(byName)).toEqual(['kubearmor.proto']);
      expect(missing).toMatchObject({ error_response: { error_code: grpc.status.NOT_FOUND } });
    });
  }
});

function namesOf(response: unknown): string[] {
  const { file_descriptor_response: files } = responseSchema.parse(response);
  return files.file_descriptor_proto.map((bytes) => fromBinary(FileDescriptorProtoSchema, bytes).name);
}

import type { FileObject } from '@kubearmor/policy';
import type { Location } from '../root/locate.js';

/** The object at a location: under its name in the root, and under the name used where that is another. */
export function toFileObject({ path, rootPath, node, directory }: Location): FileObject {
  const object = { path: rootPath, ownerUid: (node ?? directory).uid };
  return {
    ...object,
    ...(node === undefined ? {} : { fileId: node.id }),
    ...(path === rootPath ? {} : { otherNames: [path] }),
  };
}

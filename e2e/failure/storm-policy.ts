import { files } from './storm-image.ts';

const HEAD = (name: string): string => `apiVersion: security.kubearmor.com/v1
kind: KubeArmorPolicy
metadata: {name: ${name}, namespace: container_namespace}
`;

/** Denies a program, a file and TCP; asks about another file and lets it pass. */
export const stormPolicy = `${HEAD('storm')}spec:
  selector: {matchLabels: {app: storm}}
  severity: 5
  message: not in a storm
  process: {matchPaths: [{path: ${files.deniedProgram}}]}
  file:
    matchPaths:
      - {path: ${files.denied}}
      - {path: ${files.allowed}, readOnly: true}
      - {path: ${files.sourced}, fromSource: [{path: ${files.deniedProgram}}]}
  network: {matchProtocols: [{protocol: tcp}]}
  action: Block
`;

/** Denies one file. */
export function denyFile(name: string, path: string): string {
  return `${HEAD(name)}spec:
  selector: {matchLabels: {app: storm}}
  file: {matchPaths: [{path: ${path}}]}
  action: Block
`;
}

/** A document that is no policy. */
export const brokenPolicy = `${HEAD('broken')}spec:
  selector: {matchLabels: {app: storm}}
  file: {matchPaths: [{path: relative/path}]}
  action: Blok
`;

import type { Alert } from '@kubearmor/telemetry';
import type { Encoder } from './encoder.js';
import type { FrameWriter } from './frame-writer.js';
import { FIXED_BYTES, maxEntriesBytes, maxTextBytes } from './room.js';
import type { WireWriter } from './wire-writer.js';

/** The numbers of `feeder.Alert`. */
const ALERT = {
  Timestamp: 1,
  UpdatedTime: 2,
  ClusterName: 3,
  HostName: 4,
  NamespaceName: 5,
  PodName: 6,
  ContainerID: 7,
  ContainerName: 8,
  HostPID: 9,
  PPID: 10,
  PID: 11,
  UID: 12,
  PolicyName: 13,
  Severity: 14,
  Tags: 15,
  Message: 16,
  Type: 17,
  Source: 18,
  Operation: 19,
  Resource: 20,
  Data: 21,
  Action: 22,
  Result: 23,
  ContainerImage: 24,
  ParentProcessName: 25,
  ProcessName: 26,
  HostPPID: 27,
  Enforcer: 28,
  Labels: 29,
  ATags: 30,
  Owner: 31,
  Cwd: 32,
  TTY: 33,
  MaxAlertsPerSec: 34,
  DroppingAlertsInterval: 35,
  ExecEvent: 36,
  KubeArmorVersion: 37,
  NodeID: 38,
  ProcessHash: 39,
  ParentHash: 40,
  ResourceHash: 41,
  HashAlgo: 42,
  EventData: 43,
  UserName: 44,
} as const;

/** Encodes alerts, each as a whole: their fields are known to whoever raised them. */
export class AlertEncoder implements Encoder<Alert> {
  encode(alert: Alert, frames: FrameWriter): boolean {
    const entries = Object.entries(alert.EventData ?? {});
    frames.begin(FIXED_BYTES + maxTextBytes(alert) + maxEntriesBytes(entries));
    writePlace(frames.wire, alert);
    writeProcess(frames.wire, alert);
    writeDecision(frames.wire, alert);
    writeOperation(frames.wire, alert);
    for (const [key, value] of entries) frames.wire.mapEntry(ALERT.EventData, key, value);
    return frames.end(this.workloadOf(alert));
  }

  workloadOf({ ContainerID = '' }: Alert): string {
    return ContainerID;
  }
}

function writePlace(wire: WireWriter, alert: Alert): void {
  wire.int64(ALERT.Timestamp, alert.Timestamp);
  wire.text(ALERT.UpdatedTime, alert.UpdatedTime);
  wire.text(ALERT.ClusterName, alert.ClusterName);
  wire.text(ALERT.HostName, alert.HostName);
  wire.text(ALERT.NodeID, alert.NodeID);
  wire.text(ALERT.KubeArmorVersion, alert.KubeArmorVersion);
  wire.text(ALERT.NamespaceName, alert.NamespaceName);
  wire.text(ALERT.PodName, alert.PodName);
  wire.text(ALERT.Labels, alert.Labels);
  wire.text(ALERT.ContainerID, alert.ContainerID);
  wire.text(ALERT.ContainerName, alert.ContainerName);
  wire.text(ALERT.ContainerImage, alert.ContainerImage);
  const { Ref, Name, Namespace } = alert.Owner ?? {};
  wire.textsMessage(ALERT.Owner, [Ref, Name, Namespace]);
}

function writeProcess(wire: WireWriter, alert: Alert): void {
  wire.int32(ALERT.HostPID, alert.HostPID);
  wire.int32(ALERT.PPID, alert.PPID);
  wire.int32(ALERT.PID, alert.PID);
  wire.int32(ALERT.UID, alert.UID);
  wire.int32(ALERT.HostPPID, alert.HostPPID);
  wire.text(ALERT.ParentProcessName, alert.ParentProcessName);
  wire.text(ALERT.ProcessName, alert.ProcessName);
  wire.text(ALERT.Cwd, alert.Cwd);
  wire.text(ALERT.TTY, alert.TTY);
  wire.text(ALERT.UserName, alert.UserName);
  wire.textsMessage(ALERT.ExecEvent, [alert.ExecEvent?.ExecID, alert.ExecEvent?.ExecutableName]);
  wire.text(ALERT.ProcessHash, alert.ProcessHash);
  wire.text(ALERT.ParentHash, alert.ParentHash);
  wire.text(ALERT.HashAlgo, alert.HashAlgo);
}

function writeDecision(wire: WireWriter, alert: Alert): void {
  wire.text(ALERT.Type, alert.Type);
  wire.text(ALERT.PolicyName, alert.PolicyName);
  if (alert.Severity !== '0') wire.text(ALERT.Severity, alert.Severity);
  wire.text(ALERT.Tags, alert.Tags);
  for (const tag of alert.ATags ?? []) wire.presentText(ALERT.ATags, tag);
  wire.text(ALERT.Message, alert.Message);
  wire.text(ALERT.Enforcer, alert.Enforcer);
  wire.text(ALERT.Action, alert.Action);
  wire.text(ALERT.Result, alert.Result);
  wire.int32(ALERT.MaxAlertsPerSec, alert.MaxAlertsPerSec);
  wire.int32(ALERT.DroppingAlertsInterval, alert.DroppingAlertsInterval);
}

function writeOperation(wire: WireWriter, alert: Alert): void {
  wire.text(ALERT.Source, alert.Source);
  wire.text(ALERT.Operation, alert.Operation);
  wire.text(ALERT.Resource, alert.Resource);
  wire.text(ALERT.ResourceHash, alert.ResourceHash);
  wire.text(ALERT.Data, alert.Data);
}

/** The shapes that bpf/include/monitor.h shares with user space; layout.test.ts compares them with the object's BTF. */

/** `enum monitor_group`, under the names of visibility. */
export const GROUP = { process: 1, file: 2, network: 4, capabilities: 8, dns: 16, ima: 32 } as const;

/** Every bit of `enum monitor_group`. */
export const ALL_GROUPS: number = Object.values<number>(GROUP).reduce((bits, bit) => bits | bit);

/** `enum monitor_kind`. */
export const KIND = { fork: 1, exec: 2, exit: 3, call: 4, capable: 5, ioUring: 6, dns: 7 } as const;

/** `enum monitor_flag`. */
export const FLAG = {
  resolved: 1,
  truncated: 2,
  unlinked: 4,
  unreadable: 8,
  noResult: 16,
  compat: 32,
  internal: 64,
} as const;

/** `enum monitor_text_source`. */
export const TEXT = {
  none: 0,
  string: 1,
  directory: 2,
  file: 3,
  opened: 4,
  address: 5,
  peer: 6,
  accepted: 7,
  strings: 8,
  workingDirectory: 9,
  openHow: 10,
  name: 11,
} as const;

/** `enum monitor_call_flag`. */
export const CALL_FLAG = {
  addressed: 1,
  followed: 2,
  failures: 4,
  successes: 8,
  overcommits: 16,
  clones: 32,
  clonesByPointer: 64,
  multiplexed: 128,
} as const;

/** `enum monitor_payload`. */
export const PAYLOAD = { none: 0, buffer: 1, vector: 2, message: 3, messages: 4 } as const;

/** `enum monitor_exec_text`. */
export const EXEC_TEXT = {
  process: 0,
  path: 1,
  arguments: 2,
  directory: 3,
  terminal: 4,
  requested: 5,
} as const;

/** `enum monitor_dns_text`. */
export const DNS_TEXT = { server: 0, message: 1 } as const;

/** `enum monitor_loss`. */
export const LOSS = { ringFull: 0, busy: 1 } as const;

/** Sizes of the shared structs in bytes. */
export const SIZES = {
  monitor_event: 64,
  /** With the hash, which only some execs have. */
  monitor_process: 96,
  monitor_hash: 68,
  monitor_peer: 24,
  monitor_call: 16,
  monitor_syscall: 32,
  monitor_watch: 8,
  monitor_tally: 24,
  monitor_life: 24,
  guard_label: 24,
} as const;

/** Offsets in `struct monitor_event`. */
export const EVENT_AT = {
  time_ns: 0,
  start_ns: 8,
  workload: 16,
  kind: 20,
  flags: 21,
  call: 22,
  pid: 24,
  parent: 28,
  uid: 32,
  result: 36,
  args: 40,
  lengths: 52,
} as const;

/** Offsets in `struct monitor_process`. */
export const PROCESS_AT = {
  parent_start_ns: 0,
  pid_namespace: 8,
  mount_namespace: 12,
  inner_pid: 16,
  inner_parent: 20,
  hash: 24,
} as const;

/** Offsets in `struct monitor_hash`. */
export const HASH_AT = { algorithm: 0, bytes: 4 } as const;

/** Offsets in `struct monitor_peer`. */
export const PEER_AT = { family: 0, protocol: 2, local_port: 4, remote_port: 6, address: 8 } as const;

/** Offsets in `struct monitor_call`. */
export const CALL_AT = { call: 0, group: 2, flags: 3, args: 4, texts: 7, payload: 13 } as const;

/** How many numbers and texts a record has. */
export const MAX_ARGS = 3;
/** How many texts a record has. */
export const MAX_TEXTS = 6;
/** Entries of the table of system calls. */
export const MAX_SYSCALLS = 512;
/** Entries of the table of calls behind socketcall. */
export const MAX_SOCKET_CALLS = 32;
/** Where the source stands in the byte that describes a text; the rest is the index of the argument. */
export const TEXT_SOURCE_SHIFT = 4;

/**
 * How system calls are seen. `functions`: a program at the end of each kernel function that carries out a watched call, so
 * that other calls cost nothing; needs a kernel that allows fexit programs. `tracepoints`: one program at the end of all.
 */
export type MonitorVariant = 'functions' | 'tracepoints';

/** The compiled object of each variant. */
export const VARIANT_OBJECTS: Readonly<Record<MonitorVariant, string>> = {
  functions: 'monitor_calls.bpf.o',
  tracepoints: 'monitor.bpf.o',
};

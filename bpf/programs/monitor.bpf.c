// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The monitor's kernel side: what processes do, told to user space. It decides nothing and changes nothing. Here by raw
 * tracepoints, which every kernel has: one program at the end of all system calls.
 */
#include <linux/bpf.h>
#include <stdbool.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

#include "monitor/programs.h"

SEC("tp_btf/sys_exit")
int monitor_sys_exit(__u64 *ctx)
{
	tell_call((const struct pt_regs *)ctx[0], ctx[1]);
	return 0;
}

/* Not with BTF: kernels before 6.14 do not have the tracepoint, which then only fails to attach. */
SEC("raw_tracepoint/cap_capable")
int monitor_capable(struct bpf_raw_tracepoint_args *ctx)
{
	tell_capability(ctx->args[3], ctx->args[4]);
	return 0;
}

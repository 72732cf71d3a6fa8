// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What the guard can see but not stop. Apart from guard.bpf.c: attached only while a rule asks for it. */
#include <linux/bpf.h>
#include <stdbool.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

#include "identity.h"
#include "syscall.h"

SEC("raw_tracepoint/sys_exit")
int guard_sys_exit(struct bpf_raw_tracepoint_args *ctx)
{
	observe_syscall((struct pt_regs *)ctx->args[0], (long)ctx->args[1]);
	return 0;
}

/* Keeps the layout in BTF, where the tests read it. */
struct guard_syscall_event *layout_of_syscall_event __attribute__((unused));

char LICENSE[] SEC("license") = "Dual BSD/GPL";

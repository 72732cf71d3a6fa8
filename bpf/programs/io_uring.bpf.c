// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Reading told from writing for opens by io_uring. Apart from guard.bpf.c: older kernels do not have the tracepoint. */
#include <linux/bpf.h>
#include <stdbool.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

#include "io_uring.h"

SEC("raw_tracepoint/io_uring_submit_req")
int guard_io_uring(struct bpf_raw_tracepoint_args *ctx)
{
	note_submission((struct io_kiocb *)ctx->args[0]);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Programs that are the same however system calls are seen. */
#ifndef KUBEARMOR_MONITOR_PROGRAMS_H
#define KUBEARMOR_MONITOR_PROGRAMS_H

#include "call.h"
#include "capability.h"
#include "io_uring.h"
#include "process.h"

SEC("tp_btf/sched_process_fork")
int monitor_fork(__u64 *ctx)
{
	tell_fork((struct task_struct *)ctx[1]);
	return 0;
}

SEC("tp_btf/sched_process_exec")
int monitor_exec(__u64 *ctx)
{
	tell_exec((struct task_struct *)ctx[0], ctx[1], (struct linux_binprm *)ctx[2]);
	return 0;
}

SEC("tp_btf/sched_process_exit")
int monitor_exit(__u64 *ctx)
{
	tell_exit((struct task_struct *)ctx[0]);
	return 0;
}

/* Not with BTF: kernels before 6.3 do not have the tracepoint, which then only fails to attach. */
SEC("raw_tracepoint/io_uring_submit_req")
int monitor_io_uring(struct bpf_raw_tracepoint_args *ctx)
{
	if (knows_io_uring())
		tell_submission((struct io_kiocb *)ctx->args[0]);
	return 0;
}

/* The compiler describes only what a variable names: these keep the layouts in BTF, where the tests read them. */
struct monitor_process *layout_of_process __attribute__((unused));
struct monitor_peer *layout_of_peer __attribute__((unused));
enum monitor_group *layout_of_group __attribute__((unused));
enum monitor_kind *layout_of_kind __attribute__((unused));
enum monitor_flag *layout_of_flag __attribute__((unused));
enum monitor_exec_text *layout_of_exec_text __attribute__((unused));
enum monitor_text_source *layout_of_text_source __attribute__((unused));
enum monitor_call_flag *layout_of_call_flag __attribute__((unused));
enum monitor_payload *layout_of_payload __attribute__((unused));
enum monitor_dns_text *layout_of_dns_text __attribute__((unused));
enum monitor_loss *layout_of_loss __attribute__((unused));

char LICENSE[] SEC("license") = "Dual BSD/GPL";

#endif

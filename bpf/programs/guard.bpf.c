// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The guard's kernel side: who a task is, which sockets it may use, what its execs became. */
#include <linux/bpf.h>
#include <stdbool.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>

#include "cgroup.h"
#include "exec.h"
#include "identity.h"
#include "socket.h"

SEC("raw_tracepoint/task_newtask")
int guard_newtask(struct bpf_raw_tracepoint_args *ctx)
{
	inherit_label((struct task_struct *)ctx->args[0], ctx->args[1]);
	return 0;
}

SEC("raw_tracepoint/sched_process_exec")
int guard_exec(struct bpf_raw_tracepoint_args *ctx)
{
	commit_exec((struct task_struct *)ctx->args[0], ctx->args[1], (struct linux_binprm *)ctx->args[2]);
	return 0;
}

SEC("raw_tracepoint/sched_process_exit")
int guard_exit(struct bpf_raw_tracepoint_args *ctx)
{
	forget_task((struct task_struct *)ctx->args[0]);
	return 0;
}

SEC("raw_tracepoint/cgroup_mkdir")
int guard_cgroup_mkdir(struct bpf_raw_tracepoint_args *ctx)
{
	know_cgroup((struct cgroup *)ctx->args[0], (const char *)ctx->args[1]);
	return 0;
}

SEC("raw_tracepoint/cgroup_rmdir")
int guard_cgroup_rmdir(struct bpf_raw_tracepoint_args *ctx)
{
	forget_cgroup((struct cgroup *)ctx->args[0]);
	return 0;
}

SEC("raw_tracepoint/cgroup_attach_task")
int guard_cgroup_attach(struct bpf_raw_tracepoint_args *ctx)
{
	struct task_struct *task = (struct task_struct *)ctx->args[2];
	__u32 workload = workload_of_cgroup((struct cgroup *)ctx->args[0]);

	if (!workload)
		return 0;
	if (ctx->args[3])
		enter_cgroup_with_threads(task, workload);
	else
		enter_cgroup(ctx->args[2], workload);
	return 0;
}

SEC("cgroup/sock_create")
int guard_socket_create(struct bpf_sock *sock)
{
	struct socket_use use = {
		.operation = GUARD_SOCKET_CREATE,
		.family = sock->family,
		.type = sock->type,
		.protocol = sock->protocol,
	};

	return judge_socket(&use);
}

static __always_inline int judge_address4(struct bpf_sock_addr *address, __u32 operation)
{
	struct socket_use use = {
		.operation = operation,
		.family = address->family,
		.type = address->type,
		.protocol = address->protocol,
		.port = bpf_ntohs(address->user_port),
		.address = { address->user_ip4 },
		.cookie = bpf_get_socket_cookie(address),
	};

	return judge_socket(&use);
}

static __always_inline int judge_address6(struct bpf_sock_addr *address, __u32 operation)
{
	struct socket_use use = {
		.operation = operation,
		.family = address->family,
		.type = address->type,
		.protocol = address->protocol,
		.port = bpf_ntohs(address->user_port),
		.address = { address->user_ip6[0], address->user_ip6[1], address->user_ip6[2], address->user_ip6[3] },
		.cookie = bpf_get_socket_cookie(address),
	};

	return judge_socket(&use);
}

SEC("cgroup/bind4")
int guard_bind4(struct bpf_sock_addr *ctx)
{
	return judge_address4(ctx, GUARD_SOCKET_BIND);
}

SEC("cgroup/bind6")
int guard_bind6(struct bpf_sock_addr *ctx)
{
	return judge_address6(ctx, GUARD_SOCKET_BIND);
}

SEC("cgroup/connect4")
int guard_connect4(struct bpf_sock_addr *ctx)
{
	return judge_address4(ctx, GUARD_SOCKET_CONNECT);
}

SEC("cgroup/connect6")
int guard_connect6(struct bpf_sock_addr *ctx)
{
	return judge_address6(ctx, GUARD_SOCKET_CONNECT);
}

SEC("cgroup/sendmsg4")
int guard_sendmsg4(struct bpf_sock_addr *ctx)
{
	return judge_address4(ctx, GUARD_SOCKET_SEND);
}

SEC("cgroup/sendmsg6")
int guard_sendmsg6(struct bpf_sock_addr *ctx)
{
	return judge_address6(ctx, GUARD_SOCKET_SEND);
}

/* The compiler describes only what a variable names: these keep the layouts in BTF, where the tests read them. */
struct guard_socket_event *layout_of_socket_event __attribute__((unused));
struct guard_exec_event *layout_of_exec_event __attribute__((unused));
enum guard_event_kind *layout_of_event_kind __attribute__((unused));
enum guard_label_flag *layout_of_label_flag __attribute__((unused));
enum guard_error *layout_of_error __attribute__((unused));

char LICENSE[] SEC("license") = "Dual BSD/GPL";

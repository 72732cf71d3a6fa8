// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Decides by LSM programs, where the kernel has them. */
#include <linux/bpf.h>
#include <stdbool.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>

#include "engine/exec.h"
#include "engine/fixed.h"

SEC("tp_btf/task_newtask")
int BPF_PROG(engine_newtask, struct task_struct *task, __u64 clone_flags)
{
	inherit_label(task, clone_flags);
	return 0;
}

SEC("tp_btf/sched_process_exit")
int BPF_PROG(engine_exit, struct task_struct *task)
{
	forget_process(task);
	return 0;
}

/* A program before this one may have refused already: that stands. */
SEC("lsm/file_open")
int BPF_PROG(engine_file_open, struct file *file, int earlier)
{
	long result;

	if (earlier)
		return earlier;
	result = open_file(file);
	return result ? -EACCES : 0;
}

SEC("lsm/bprm_check_security")
int BPF_PROG(engine_check_program, struct linux_binprm *bprm, int earlier)
{
	if (earlier)
		return earlier;
	return check_program(bprm) ? -EACCES : 0;
}

SEC("lsm/bprm_committed_creds")
void BPF_PROG(engine_commit_exec, struct linux_binprm *bprm)
{
	commit_exec(bprm);
}

SEC("lsm/socket_create")
int BPF_PROG(engine_socket_create, int family, int type, int protocol, int is_kernel, int earlier)
{
	if (earlier)
		return earlier;
	if (is_kernel)
		return 0;
	return use_socket(family, type, protocol) ? -EACCES : 0;
}

SEC("lsm/socket_bind")
int BPF_PROG(engine_socket_bind, struct socket *socket, struct sockaddr *address, int length, int earlier)
{
	if (earlier)
		return earlier;
	return use_existing_socket(socket) ? -EACCES : 0;
}

SEC("lsm/socket_connect")
int BPF_PROG(engine_socket_connect, struct socket *socket, struct sockaddr *address, int length, int earlier)
{
	if (earlier)
		return earlier;
	return use_existing_socket(socket) ? -EACCES : 0;
}

SEC("lsm/socket_listen")
int BPF_PROG(engine_socket_listen, struct socket *socket, int backlog, int earlier)
{
	if (earlier)
		return earlier;
	return use_existing_socket(socket) ? -EACCES : 0;
}

SEC("lsm/socket_accept")
int BPF_PROG(engine_socket_accept, struct socket *socket, struct socket *accepted, int earlier)
{
	if (earlier)
		return earlier;
	return use_existing_socket(socket) ? -EACCES : 0;
}

SEC("lsm/socket_sendmsg")
int BPF_PROG(engine_socket_sendmsg, struct socket *socket, struct msghdr *message, int size, int earlier)
{
	if (earlier)
		return earlier;
	return use_existing_socket(socket) ? -EACCES : 0;
}

SEC("lsm/capable")
int BPF_PROG(engine_capable, const struct cred *cred, struct user_namespace *user_namespace, int capability,
	     unsigned int options, int earlier)
{
	if (earlier)
		return earlier;
	return use_capability(capability, options) ? -EPERM : 0;
}

/* The compiler describes only what a variable names: these keep the layouts in BTF, where the tests read them. */
struct match_paths *layout_of_paths __attribute__((unused));
struct match_row *layout_of_row __attribute__((unused));
struct match_patterns *layout_of_patterns __attribute__((unused));
struct engine_event *layout_of_event __attribute__((unused));
enum engine_on_error *layout_of_on_error __attribute__((unused));
enum engine_kind *layout_of_kind __attribute__((unused));
struct engine_label *layout_of_label __attribute__((unused));
enum engine_counter *layout_of_counter __attribute__((unused));
enum engine_event_kind *layout_of_event_kind __attribute__((unused));

/* bpf_d_path and task storage are for programs under the GPL. */
char LICENSE[] SEC("license") = "Dual BSD/GPL";

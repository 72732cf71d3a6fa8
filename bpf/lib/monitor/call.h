// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* System calls, told when they end. */
#ifndef KUBEARMOR_MONITOR_CALL_H
#define KUBEARMOR_MONITOR_CALL_H

#include "message.h"
#include "registers.h"
#include "text.h"
#include "watch.h"

#define ENOENT 2
#define ERESTARTSYS 512
#define ERESTART_RESTARTBLOCK 516
#define RESULT_MAX 0x7fffffff

/* What is known of a call by its number alone: 0 for most of them. */
static __always_inline struct monitor_syscall *syscall_of(const struct pt_regs *regs)
{
	__u32 number = syscall_number(regs);
	struct monitor_syscall *syscall;

	if (number >= MONITOR_MAX_SYSCALLS)
		return 0;
	syscall = bpf_map_lookup_elem(&syscalls, &number);
	return syscall && (syscall->native.call | syscall->compat.call) ? syscall : 0;
}

/* The call behind socketcall. */
static __always_inline const struct monitor_call *socket_call_of(const struct pt_regs *regs)
{
	__u64 args[6];
	__u32 number;

	read_arguments(args, regs, true);
	number = args[0];
	return bpf_map_lookup_elem(&socket_calls, &number);
}

static __always_inline void read_socket_arguments(__u64 *args)
{
	__u32 narrow[6] = {};

	/* No call has more; whatever follows a shorter list is not looked at. */
	if (bpf_probe_read_user(narrow, sizeof(narrow), (const void *)args[1]))
		bpf_probe_read_user(narrow, 3 * sizeof(*narrow), (const void *)args[1]);
	for (int i = 0; i < 6; i++)
		args[i] = narrow[i];
}

/* A name is the first text, or the second after a string. */
static __always_inline bool has_names(const struct monitor_call *call)
{
	return call->texts[0] >> MONITOR_TEXT_SOURCE_SHIFT == MONITOR_TEXT_NAME ||
	       call->texts[1] >> MONITOR_TEXT_SOURCE_SHIFT == MONITOR_TEXT_NAME;
}

static __always_inline bool is_told(const struct monitor_call *call, long result)
{
	if (result >= 0)
		return !(call->flags & MONITOR_CALL_FAILURES);
	if (call->flags & MONITOR_CALL_SUCCESSES)
		return false;
	/* The kernel's own codes: the call starts again. */
	if (result <= -ERESTARTSYS && result >= -ERESTART_RESTARTBLOCK)
		return false;
	return result != -ENOENT || tells_missing;
}

static __always_inline __u32 argument(const struct scratch *scratch, __u8 place)
{
	return place ? scratch->args[(place - 1) & MONITOR_TEXT_ARGUMENT] : 0;
}

/* What every record of the call has. Its arguments have been read. */
static __always_inline void describe_call(struct scratch *scratch, const struct monitor_call *call, long result)
{
	scratch->call = *call;
	scratch->event.call = call->call;
	scratch->event.result = result > RESULT_MAX ? RESULT_MAX : result;
	scratch->event.args[0] = argument(scratch, call->args[0]);
	scratch->event.args[1] = argument(scratch, call->args[1]);
	scratch->event.args[2] = argument(scratch, call->args[2]);
}

static __always_inline void tell_one(struct scratch *scratch)
{
	for (int slot = 0; slot < MONITOR_TEXTS; slot++) {
		if (!scratch->call.texts[slot])
			break;
		add_text(scratch->at, slot);
	}
	if (scratch->is_unwanted)
		end_record(scratch);
	else
		send_record(scratch);
}

static __always_inline void tell_known(const struct pt_regs *regs, long result, struct watched watched,
				       const struct monitor_call *call, bool compat, bool is_multiplexed)
{
	bool is_asked_for = watched.groups & call->group;
	struct scratch *scratch;

	if (!is_told(call, result))
		return;
	if (!is_asked_for && !(call->flags & MONITOR_CALL_FOLLOWED))
		return;
	scratch = start_record(watched.workload, MONITOR_CALL, (struct task_struct *)bpf_get_current_task());
	if (!scratch)
		return;
	read_arguments(scratch->args, regs, compat);
	if (is_multiplexed)
		read_socket_arguments(scratch->args);
	scratch->event.flags = (compat ? MONITOR_COMPAT : 0) | (is_asked_for ? 0 : MONITOR_INTERNAL);
	describe_call(scratch, call, result);
	if (call->payload)
		tell_messages(scratch, watched.groups);
	else
		tell_one(scratch);
}

static __always_inline void tell_call(const struct pt_regs *regs, long result)
{
	struct monitor_syscall *syscall = syscall_of(regs);
	const struct monitor_call *call;
	bool compat, is_multiplexed;
	struct watched watched;

	/* In the order of what most calls end at. */
	if (!syscall)
		return;
	watched = watched_current();
	if (!watched.groups)
		return;
	compat = is_compat();
	call = compat ? &syscall->compat : &syscall->native;
	is_multiplexed = call->flags & MONITOR_CALL_MULTIPLEXED;
	if (is_multiplexed)
		call = socket_call_of(regs);
	if (!call || !call->call)
		return;
	tell_known(regs, result, watched, call, compat, is_multiplexed);
	if (has_names(call))
		forget_names();
}

#endif

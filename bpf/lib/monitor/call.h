// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* System calls, told when they end. */
#ifndef KUBEARMOR_MONITOR_CALL_H
#define KUBEARMOR_MONITOR_CALL_H

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

static __always_inline bool has_address(const struct scratch *scratch)
{
	return scratch->event.lengths[0] != 0;
}

static __always_inline void tell_call(const struct pt_regs *regs, long result)
{
	struct monitor_syscall *syscall = syscall_of(regs);
	const struct monitor_call *call;
	bool compat, is_asked_for;
	struct scratch *scratch;
	struct watched watched;

	/* In the order of what most calls end at. */
	if (!syscall)
		return;
	watched = watched_current();
	if (!watched.groups)
		return;
	compat = is_compat();
	call = compat ? &syscall->compat : &syscall->native;
	if (!call->call || !is_told(call, result))
		return;
	is_asked_for = watched.groups & call->group;
	if (!is_asked_for && !(call->flags & MONITOR_CALL_FOLLOWED))
		return;
	scratch = start_record(watched.workload, MONITOR_CALL, (struct task_struct *)bpf_get_current_task());
	if (!scratch)
		return;
	scratch->call = *call;
	scratch->event.call = call->call;
	scratch->event.flags = (compat ? MONITOR_COMPAT : 0) | (is_asked_for ? 0 : MONITOR_INTERNAL);
	scratch->event.result = result > RESULT_MAX ? RESULT_MAX : result;
	read_arguments(scratch->args, regs, compat);
	scratch->event.args[0] = argument(scratch, call->args[0]);
	scratch->event.args[1] = argument(scratch, call->args[1]);
	scratch->event.args[2] = argument(scratch, call->args[2]);
	for (int slot = 0; slot < MONITOR_TEXTS; slot++) {
		if (!call->texts[slot])
			break;
		add_text(slot);
	}
	if (scratch->is_unwanted || ((call->flags & MONITOR_CALL_ADDRESSED) && !has_address(scratch)))
		drop_record(scratch);
	else
		send_record(scratch);
}

#endif

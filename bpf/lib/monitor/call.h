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

/* What a call is to us; 0 for most of them, which is decided by the number alone. */
static __always_inline const struct monitor_call *call_of(const struct pt_regs *regs, bool *compat)
{
	__u32 number = syscall_number(regs);
	struct monitor_syscall *syscall;
	const struct monitor_call *call;

	if (number >= MONITOR_MAX_SYSCALLS)
		return 0;
	syscall = bpf_map_lookup_elem(&syscalls, &number);
	if (!syscall || !(syscall->native.call | syscall->compat.call))
		return 0;
	*compat = is_compat();
	call = *compat ? &syscall->compat : &syscall->native;
	return call->call ? call : 0;
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
	bool compat = false;
	const struct monitor_call *call = call_of(regs, &compat);
	struct scratch *scratch;
	struct watched watched;
	bool is_asked_for;

	if (!call)
		return;
	watched = watched_current();
	if (!watched.groups || !is_told(call, result))
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

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The monitor's kernel side where the kernel allows programs at the end of its functions: the same records, but a
 * program for each system call that somebody watches, and none for all others.
 */
#include <linux/bpf.h>
#include <stdbool.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

#define MONITOR_PREEMPTIBLE
#define MONITOR_KEEPS_NAMES
#include "monitor/changes.h"
#include "monitor/hash.h"
#include "monitor/programs.h"

/*
 * Where the programs of single calls go on. A program goes on only in one of a function of the same type, and by the
 * kernel's own account its calls have two: some are described by the stub that stands for a call which is left out.
 */
struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} told SEC(".maps"), told_as_stub SEC(".maps");

/* Whether anything is told: the kernel goes on running programs for a while after they have been taken off. */
volatile __u32 is_telling = 0;

/* What tells any call; never attached itself. */
SEC("?fexit")
int monitor_told(__u64 *ctx)
{
	tell_call((const struct pt_regs *)ctx[0], ctx[1]);
	return 0;
}

SEC("?fexit")
int monitor_told_as_stub(__u64 *ctx)
{
	tell_call((const struct pt_regs *)ctx[0], ctx[1]);
	return 0;
}

/* Whether seccomp answers whether a call may go on; else with -1 where it may not. */
const volatile bool seccomp_says_yes = false;

static __always_inline bool turns_away(__u64 answer)
{
	return seccomp_says_yes ? !(__u8)answer : (int)answer == -1;
}

/* Calls that seccomp turns away never come to their functions. */
SEC("?fexit/__seccomp_filter")
int monitor_turned_away(__u64 *ctx)
{
	const struct pt_regs *regs;
	__u64 answer = 0;

	if (!is_telling || bpf_get_func_ret(ctx, &answer) || !turns_away(answer))
		return 0;
	regs = (const struct pt_regs *)bpf_task_pt_regs((void *)bpf_get_current_task_btf());
	tell_call(regs, syscall_result(regs));
	return 0;
}

SEC("?fexit/cap_capable")
int monitor_capable(__u64 *ctx)
{
	if (is_telling)
		tell_capability(ctx[2], ctx[4]);
	return 0;
}

/* What changes names asks the security modules first, and then has the names in hand. */
SEC("?fentry/security_path_unlink")
int monitor_unlink(__u64 *ctx)
{
	if (is_telling)
		keep_name(ctx);
	return 0;
}

SEC("?fentry/security_path_rmdir")
int monitor_rmdir(__u64 *ctx)
{
	if (is_telling)
		keep_name(ctx);
	return 0;
}

SEC("?fentry/security_path_rename")
int monitor_rename(__u64 *ctx)
{
	if (is_telling)
		keep_both_names(ctx);
	return 0;
}

SEC("?fentry/security_path_chown")
int monitor_chown(__u64 *ctx)
{
	if (is_telling)
		keep_whole_path(ctx, 0);
	return 0;
}

SEC("?fentry/security_sb_mount")
int monitor_mount(__u64 *ctx)
{
	if (is_telling)
		keep_whole_path(ctx, 1);
	return 0;
}

SEC("?fentry/security_sb_umount")
int monitor_umount(__u64 *ctx)
{
	if (is_telling)
		keep_mount(ctx);
	return 0;
}

SEC("?lsm.s/bprm_check_security")
int monitor_hash(__u64 *ctx)
{
	keep_hash((struct linux_binprm *)ctx[0]);
	return 0;
}

/* User space gives each of these the function of one call. Small, so that there can be many. */
static __always_inline int end_of_call(__u64 *ctx, void *next)
{
	if (is_telling && watched_current().groups)
		bpf_tail_call(ctx, next, 0);
	return 0;
}

/* clang-format off */
#define CALL(number)                                    \
	SEC("?fexit")                                   \
	int monitor_call_##number(__u64 *ctx)           \
	{                                               \
		return end_of_call(ctx, &told);         \
	}                                               \
	SEC("?fexit")                                   \
	int monitor_stub_##number(__u64 *ctx)           \
	{                                               \
		return end_of_call(ctx, &told_as_stub); \
	}
#define TEN_CALLS(tens)                                                       \
	CALL(tens##0) CALL(tens##1) CALL(tens##2) CALL(tens##3) CALL(tens##4) \
	CALL(tens##5) CALL(tens##6) CALL(tens##7) CALL(tens##8) CALL(tens##9)

TEN_CALLS(0) TEN_CALLS(1) TEN_CALLS(2) TEN_CALLS(3) TEN_CALLS(4)
TEN_CALLS(5) TEN_CALLS(6) TEN_CALLS(7) TEN_CALLS(8) TEN_CALLS(9)

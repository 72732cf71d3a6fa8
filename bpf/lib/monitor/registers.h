// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What a system call was, at its end, on each architecture. The registers are read in place: the verifier knows them.
 */
#ifndef KUBEARMOR_MONITOR_REGISTERS_H
#define KUBEARMOR_MONITOR_REGISTERS_H

#include "kernel.h"

#if defined(__TARGET_ARCH_x86)

#define TS_COMPAT 0x0002
/* Calls of the x32 ABI have the numbers of native ones with this bit. */
#define X32_BIT 0x40000000u

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)
struct pt_regs {
	unsigned long bx, cx, dx, si, di, bp, r8, r9, r10, ax, orig_ax;
};
struct thread_info {
	__u32 status;
};
struct task_struct___x86 {
	struct thread_info thread_info;
};
#pragma clang attribute pop

static __always_inline __u32 syscall_number(const struct pt_regs *regs)
{
	return (__u32)regs->orig_ax & ~X32_BIT;
}

/* What the call returns, where it has been set. */
static __always_inline long syscall_result(const struct pt_regs *regs)
{
	return regs->ax;
}

static __always_inline bool is_compat(void)
{
	struct task_struct___x86 *task = (struct task_struct___x86 *)bpf_get_current_task();

	return (BPF_CORE_READ(task, thread_info.status) & TS_COMPAT) != 0;
}

static __always_inline void read_arguments(__u64 *into, const struct pt_regs *regs, bool compat)
{
	if (compat) {
		into[0] = (__u32)regs->bx;
		into[1] = (__u32)regs->cx;
		into[2] = (__u32)regs->dx;
		into[3] = (__u32)regs->si;
		into[4] = (__u32)regs->di;
		into[5] = (__u32)regs->bp;
		return;
	}
	into[0] = regs->di;
	into[1] = regs->si;
	into[2] = regs->dx;
	into[3] = regs->r10;
	into[4] = regs->r8;
	into[5] = regs->r9;
}

#elif defined(__TARGET_ARCH_arm64)

#define TIF_32BIT (1 << 22)

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)
struct pt_regs {
	__u64 regs[31];
	__u64 orig_x0;
	__s32 syscallno;
};
struct thread_info {
	unsigned long flags;
};
struct task_struct___arm64 {
	struct thread_info thread_info;
};
#pragma clang attribute pop

static __always_inline __u32 syscall_number(const struct pt_regs *regs)
{
	return (__u32)regs->syscallno;
}

static __always_inline long syscall_result(const struct pt_regs *regs)
{
	return regs->regs[0];
}

static __always_inline bool is_compat(void)
{
	struct task_struct___arm64 *task = (struct task_struct___arm64 *)bpf_get_current_task();

	return (BPF_CORE_READ(task, thread_info.flags) & TIF_32BIT) != 0;
}

static __always_inline void read_arguments(__u64 *into, const struct pt_regs *regs, bool compat)
{
	/* The result has overwritten x0; the kernel keeps the first argument apart. */
	into[0] = regs->orig_x0;
	into[1] = regs->regs[1];
	into[2] = regs->regs[2];
	into[3] = regs->regs[3];
	into[4] = regs->regs[4];
	into[5] = regs->regs[5];
}

#else
#error "build with -D__TARGET_ARCH_x86 or -D__TARGET_ARCH_arm64"
#endif

#endif

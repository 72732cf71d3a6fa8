// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * What a system call was, at its end, on each architecture: number, arguments, result. Each of its arguments costs a
 * read of kernel memory, so they are read only of calls that somebody asks about.
 */
#ifndef KUBEARMOR_REGISTERS_H
#define KUBEARMOR_REGISTERS_H

#include "kernel_types.h"

struct registers {
	__u32 syscall;
	__u32 compat;
	__s64 result;
	__u64 args[6];
};

#if defined(__TARGET_ARCH_x86)

#define TS_COMPAT 0x0002

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)
struct pt_regs {
	unsigned long bx, cx, dx, si, di, bp, r8, r9, r10, orig_ax;
};
struct thread_info {
	__u32 status;
};
struct task_struct___x86 {
	struct thread_info thread_info;
};
#pragma clang attribute pop

static __always_inline void read_call(struct registers *into, struct pt_regs *regs, long result)
{
	struct task_struct___x86 *task = (struct task_struct___x86 *)bpf_get_current_task();

	into->syscall = (__u32)BPF_CORE_READ(regs, orig_ax);
	into->compat = (BPF_CORE_READ(task, thread_info.status) & TS_COMPAT) != 0;
	into->result = result;
}

static __always_inline void read_arguments(struct registers *into, struct pt_regs *regs)
{
	if (into->compat) {
		into->args[0] = (__u32)BPF_CORE_READ(regs, bx);
		into->args[1] = (__u32)BPF_CORE_READ(regs, cx);
		into->args[2] = (__u32)BPF_CORE_READ(regs, dx);
		into->args[3] = (__u32)BPF_CORE_READ(regs, si);
		into->args[4] = (__u32)BPF_CORE_READ(regs, di);
		into->args[5] = (__u32)BPF_CORE_READ(regs, bp);
		return;
	}
	into->args[0] = BPF_CORE_READ(regs, di);
	into->args[1] = BPF_CORE_READ(regs, si);
	into->args[2] = BPF_CORE_READ(regs, dx);
	into->args[3] = BPF_CORE_READ(regs, r10);
	into->args[4] = BPF_CORE_READ(regs, r8);
	into->args[5] = BPF_CORE_READ(regs, r9);
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

static __always_inline void read_call(struct registers *into, struct pt_regs *regs, long result)
{
	struct task_struct___arm64 *task = (struct task_struct___arm64 *)bpf_get_current_task();

	into->syscall = (__u32)BPF_CORE_READ(regs, syscallno);
	into->compat = (BPF_CORE_READ(task, thread_info.flags) & TIF_32BIT) != 0;
	into->result = result;
}

static __always_inline void read_arguments(struct registers *into, struct pt_regs *regs)
{
	/* The result has overwritten x0; the kernel keeps the first argument apart. */
	into->args[0] = BPF_CORE_READ(regs, orig_x0);
	into->args[1] = BPF_CORE_READ(regs, regs[1]);
	into->args[2] = BPF_CORE_READ(regs, regs[2]);
	into->args[3] = BPF_CORE_READ(regs, regs[3]);
	into->args[4] = BPF_CORE_READ(regs, regs[4]);
	into->args[5] = BPF_CORE_READ(regs, regs[5]);
}

#else
#error "build with -D__TARGET_ARCH_x86 or -D__TARGET_ARCH_arm64"
#endif

#endif

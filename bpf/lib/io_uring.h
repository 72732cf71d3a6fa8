// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* An open by io_uring happens later, in another task: all that is kept is whether a process ever asked for writing. */
#ifndef KUBEARMOR_IO_URING_H
#define KUBEARMOR_IO_URING_H

#include "identity.h"

#define O_ACCMODE 03
#define O_CREAT 0100
#define O_TRUNC 01000
#define WRITING (O_ACCMODE | O_CREAT | O_TRUNC)

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct open_how {
	__u64 flags;
};

struct io_open {
	struct open_how how;
};

struct io_cmd_data {
	char data[1];
};

struct io_kiocb {
	struct io_cmd_data cmd;
	__u8 opcode;
};

#pragma clang attribute pop

enum io_uring_op {
	IORING_OP_OPENAT,
	IORING_OP_OPENAT2,
};

static __always_inline bool is_open(__u8 opcode)
{
	return opcode == bpf_core_enum_value(enum io_uring_op, IORING_OP_OPENAT) ||
	       opcode == bpf_core_enum_value(enum io_uring_op, IORING_OP_OPENAT2);
}

static __always_inline void note_submission(struct io_kiocb *request)
{
	__u32 tgid = bpf_get_current_pid_tgid() >> 32;
	struct io_open *open = (struct io_open *)((char *)request + bpf_core_field_offset(struct io_kiocb, cmd));
	__u8 yes = 1;

	if ((!current_label() && !is_guarded(GUARD_HOST)) || !is_open(BPF_CORE_READ(request, opcode)))
		return;
	if (!(BPF_CORE_READ(open, how.flags) & WRITING))
		return;
	/* A writer that cannot be remembered makes every process one. */
	if (bpf_map_update_elem(&io_uring_writers, &tgid, &yes, BPF_ANY)) {
		tgid = 0;
		bpf_map_update_elem(&io_uring_writers, &tgid, &yes, BPF_ANY);
		count(GUARD_COUNT_LABEL_LOST);
	}
}

#endif

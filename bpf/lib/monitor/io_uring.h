// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Opens by io_uring, when they are asked for: what becomes of them happens later, often in another task. */
#ifndef KUBEARMOR_MONITOR_IO_URING_H
#define KUBEARMOR_MONITOR_IO_URING_H

#include "text.h"
#include "watch.h"

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct open_how {
	__u64 flags;
};

struct io_open {
	int dfd;
	struct filename *filename;
	struct open_how how;
};

/* Since 7.0 the name is taken in two steps. */
struct delayed_filename {
	struct filename *__incomplete_filename;
};

struct io_open___delayed {
	struct delayed_filename filename;
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

/* What kernels without the tracepoint do not know is not compiled in, or they would refuse all of the programs. */
static __always_inline bool knows_io_uring(void)
{
	return bpf_core_type_exists(struct io_open) && bpf_core_field_exists(struct io_kiocb, cmd) &&
	       bpf_core_enum_value_exists(enum io_uring_op, IORING_OP_OPENAT2);
}

static __always_inline struct filename *requested_name(struct io_open *open)
{
	struct io_open___delayed *delayed = (void *)open;

	if (bpf_core_field_exists(open->filename))
		return BPF_CORE_READ(open, filename);
	return BPF_CORE_READ(delayed, filename.__incomplete_filename);
}

static __always_inline void tell_submission(struct io_kiocb *request)
{
	struct io_open *open = (struct io_open *)((char *)request + bpf_core_field_offset(struct io_kiocb, cmd));
	struct watched watched;
	struct scratch *scratch;
	bool is_open2;
	__u8 opcode;

	opcode = BPF_CORE_READ(request, opcode);
	is_open2 = opcode == bpf_core_enum_value(enum io_uring_op, IORING_OP_OPENAT2);
	if (!is_open2 && opcode != bpf_core_enum_value(enum io_uring_op, IORING_OP_OPENAT))
		return;
	watched = watched_current();
	if (!(watched.groups & MONITOR_GROUP_FILE))
		return;
	scratch = start_record(watched.workload, MONITOR_IO_URING, (struct task_struct *)bpf_get_current_task());
	if (!scratch)
		return;
	scratch->event.flags = MONITOR_NO_RESULT;
	scratch->event.args[0] = BPF_CORE_READ(open, dfd);
	scratch->event.args[1] = BPF_CORE_READ(open, how.flags);
	scratch->event.args[2] = is_open2;
	add_kernel_string(scratch->at, (__u64)BPF_CORE_READ(requested_name(open), name), 0);
	add_directory(scratch, BPF_CORE_READ(open, dfd), 1);
	send_record(scratch);
}

#endif

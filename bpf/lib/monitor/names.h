// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Names as the kernel resolved them, of calls that change names. When such a call ends, the name is gone or another
 * one: what the kernel is about to change is kept for the thread until then.
 */
#ifndef KUBEARMOR_MONITOR_NAMES_H
#define KUBEARMOR_MONITOR_NAMES_H

#include "scratch.h"

/* A rename has two. */
#define MAX_KEPT 2

#ifdef MONITOR_KEEPS_NAMES

/* Threads that are changing a name at the same moment. */
#define MAX_CHANGES 256

/* A record under construction, as far as its names. */
struct kept_names {
	struct monitor_event head;
	char texts[MAX_KEPT * MONITOR_TEXT_BYTES];
};

/* By thread. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, MAX_CHANGES);
	__type(key, __u32);
	__type(value, struct kept_names);
} names SEC(".maps");

/* Puts the next of the kept names into a record; false where there is none. */
static __always_inline bool take_name(struct scratch *scratch, __u32 slot)
{
	__u32 tid = (__u32)bpf_get_current_pid_tgid(), taken = scratch->names_taken, offset = 0, length;
	struct kept_names *kept = bpf_map_lookup_elem(&names, &tid);
	char *text = next_text(scratch);

	if (!kept || !text || taken >= MAX_KEPT)
		return false;
	length = kept->head.lengths[0];
	if (taken) {
		offset = length;
		length = kept->head.lengths[1];
	}
	if (!length || length > MONITOR_TEXT_BYTES || offset > MONITOR_TEXT_BYTES)
		return false;
	if (bpf_probe_read_kernel(text, length, kept->texts + offset))
		return false;
	scratch->names_taken = taken + 1;
	scratch->is_relative = 0;
	scratch->event.flags |= MONITOR_RESOLVED | kept->head.flags;
	note_length(scratch, slot, length);
	return true;
}

/* The call has ended: its names are none of the next one's. */
static __always_inline void forget_names(void)
{
	__u32 tid = (__u32)bpf_get_current_pid_tgid();

	bpf_map_delete_elem(&names, &tid);
}

static __always_inline void keep_record_as_names(struct scratch *scratch)
{
	__u32 tid = (__u32)bpf_get_current_pid_tgid();

	/* The head and the texts lie one after another, as in a record. */
	if (bpf_map_update_elem(&names, &tid, &scratch->event, BPF_ANY))
		bpf_map_delete_elem(&names, &tid);
}

#else

static __always_inline bool take_name(struct scratch *scratch, __u32 slot)
{
	return false;
}

static __always_inline void forget_names(void)
{
}

#endif

#endif

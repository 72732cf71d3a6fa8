// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Names as the kernel resolved them, of calls that change names. When such a call ends, the name is gone or another
 * one: what the kernel is about to change is kept for the thread until then.
 */
#ifndef KUBEARMOR_MONITOR_NAMES_H
#define KUBEARMOR_MONITOR_NAMES_H

#include "scratch.h"

#ifdef MONITOR_KEEPS_NAMES

/* A rename has two. */
#define MAX_KEPT 2
/* Threads that are changing names at the same moment, and how many places one may have. */
#define MAX_CHANGES 256
#define PLACES 4

struct kept_names {
	/* 0 where the place is free. */
	__u32 tid;
	/* Those of a record. */
	__u32 flags;
	__u32 lengths[MAX_KEPT];
	char texts[MAX_KEPT * MONITOR_TEXT_BYTES];
};

/* Written in place: a map by thread would copy the room for the longest names every time. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, MAX_CHANGES);
	__type(key, __u32);
	__type(value, struct kept_names);
} names SEC(".maps");

static __always_inline struct kept_names *place_of(__u32 tid, __u32 place)
{
	__u32 index = (tid + place) & (MAX_CHANGES - 1);

	return bpf_map_lookup_elem(&names, &index);
}

/* What is kept for the current thread. */
static __always_inline struct kept_names *kept_names(void)
{
	__u32 tid = (__u32)bpf_get_current_pid_tgid();

	for (__u32 place = 0; place < PLACES; place++) {
		struct kept_names *kept = place_of(tid, place);

		if (kept && kept->tid == tid)
			return kept;
	}
	return 0;
}

/* Room for the current thread's names; 0 where others have it. */
static __always_inline struct kept_names *room_for_names(void)
{
	__u32 tid = (__u32)bpf_get_current_pid_tgid();
	struct kept_names *kept = kept_names();

	for (__u32 place = 0; !kept && place < PLACES; place++) {
		struct kept_names *free = place_of(tid, place);

		if (free && __sync_val_compare_and_swap(&free->tid, 0, tid) == 0)
			kept = free;
	}
	if (kept)
		kept->lengths[0] = kept->lengths[1] = 0;
	return kept;
}

/* Puts the next of the kept names into a record; false where there is none. */
static __always_inline bool take_name(struct scratch *scratch, __u32 slot)
{
	__u32 taken = scratch->names_taken, offset = 0, length;
	struct kept_names *kept = kept_names();
	char *text = next_text(scratch);

	if (!kept || !text || taken >= MAX_KEPT)
		return false;
	length = kept->lengths[0];
	if (taken) {
		offset = length;
		length = kept->lengths[1];
	}
	if (!length || length > MONITOR_TEXT_BYTES || offset > MONITOR_TEXT_BYTES)
		return false;
	if (bpf_probe_read_kernel(text, length, kept->texts + offset))
		return false;
	scratch->names_taken = taken + 1;
	scratch->is_relative = 0;
	scratch->event.flags |= MONITOR_RESOLVED | kept->flags;
	note_length(scratch, slot, length);
	return true;
}

/* The call has ended: its names are none of the next one's. */
static __always_inline void forget_names(void)
{
	struct kept_names *kept = kept_names();

	if (kept)
		kept->tid = 0;
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

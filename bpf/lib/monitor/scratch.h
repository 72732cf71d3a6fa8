// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The record under construction. */
#ifndef KUBEARMOR_MONITOR_SCRATCH_H
#define KUBEARMOR_MONITOR_SCRATCH_H

#include "kernel.h"
#include "maps.h"

/* Once this much is used there may not be room for one more text. */
#define TEXTS_FULL 16384
#define TEXT_AREA (TEXTS_FULL + MONITOR_TEXT_BYTES)
#define NAME_BYTES 256

/* Where a path that is being put together has come to. */
struct walk {
	struct dentry *dentry;
	struct vfsmount *mount;
	struct dentry *mount_root;
	struct dentry *task_root;
	struct vfsmount *task_mount;
	__u32 start;
};

/*
 * Programs of raw tracepoints are not interrupted by one another on a CPU; those at the end of kernel functions are,
 * where the kernel is preemptible, and by as many tasks as wait for the CPU.
 */
#ifdef MONITOR_PREEMPTIBLE
#define MAX_SCRATCHES 8
#else
#define MAX_SCRATCHES 1
#endif

struct scratch {
	__u32 busy;
	/* Which of the CPU's this is. Functions that are not inlined are told it, since 5.10 lets them take numbers
	 * only. */
	__u32 at;
	__u32 used;
	/* The text read last is a path that does not start at the root. */
	__u32 is_relative;
	/* The event turned out to be one that is not told. */
	__u32 is_unwanted;
	/* How many of the names that were kept are in it. */
	__u32 names_taken;
	/* Of a call that sends: whether its addresses are told, and the socket, where it may ask a name server. */
	__u32 tells_addresses;
	struct sock *sk;
	__u64 args[8];
	struct monitor_call call;
	struct walk walk;
	/* A path is put together from its end, here. */
	char path[MONITOR_TEXT_BYTES + NAME_BYTES];
	struct monitor_event event;
	/* Directly after the head, as the record is. */
	char texts[TEXT_AREA];
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, MAX_SCRATCHES);
	__type(key, __u32);
	__type(value, struct scratch);
} scratches SEC(".maps");

static __always_inline struct scratch *scratch_at(__u32 at)
{
	return bpf_map_lookup_elem(&scratches, &at);
}

#ifdef MONITOR_PREEMPTIBLE
static __always_inline bool take(struct scratch *scratch)
{
	return __sync_val_compare_and_swap(&scratch->busy, 0, 1) == 0;
}
#else
static __always_inline bool take(struct scratch *scratch)
{
	if (scratch->busy)
		return false;
	scratch->busy = 1;
	return true;
}
#endif

/* One of the CPU's scratch memories that nobody uses. */
static __always_inline struct scratch *take_scratch(void)
{
	for (__u32 at = 0; at < MAX_SCRATCHES; at++) {
		struct scratch *scratch = scratch_at(at);

		if (scratch && take(scratch)) {
			scratch->at = at;
			return scratch;
		}
	}
	return 0;
}

static __always_inline void note_length(struct scratch *scratch, __u32 slot, __u32 length)
{
	/* Checked where it is used: the compiler would check a copy. */
	barrier_var(slot);
	if (slot >= MONITOR_TEXTS)
		return;
	scratch->event.lengths[slot] = length;
	scratch->used += length;
}

/* Where the next text goes; 0 where there may not be room for a long one. */
static __always_inline char *next_text(struct scratch *scratch)
{
	__u32 used = scratch->used;

	if (used > TEXTS_FULL) {
		scratch->event.flags |= MONITOR_TRUNCATED;
		return 0;
	}
	return scratch->texts + used;
}

/* Of this CPU only, but whatever interrupts us on it counts, too. */
static __always_inline void count(__u64 *counter)
{
	__sync_fetch_and_add(counter, 1);
}

static __always_inline struct monitor_tally *tally_of(__u32 workload)
{
	struct monitor_tally *tally = bpf_map_lookup_elem(&tallies, &workload);
	__u32 host = 0;

	return tally ? tally : bpf_map_lookup_elem(&tallies, &host);
}

static __always_inline void count_lost(__u32 workload, __u32 cause)
{
	struct monitor_tally *tally = tally_of(workload);

	if (!tally || cause >= MONITOR_LOSSES)
		return;
	count(&tally->events);
	count(&tally->lost[cause]);
}

/* Names a process, whichever of its threads it is. */
static __always_inline void fill_process(struct monitor_event *event, struct task_struct *task)
{
	struct task_struct *leader = BPF_CORE_READ(task, group_leader);

	event->start_ns = BPF_CORE_READ(leader, start_boottime);
	event->pid = BPF_CORE_READ(task, tgid);
	event->parent = BPF_CORE_READ(task, real_parent, tgid);
}

/* Starts a record. Where every scratch memory of the CPU is in use, the event is lost and counted. */
static __always_inline struct scratch *start_record(__u32 workload, __u8 kind, struct task_struct *task)
{
	struct scratch *scratch = take_scratch();

	if (!scratch) {
		count_lost(workload, MONITOR_LOST_BUSY);
		return 0;
	}
	scratch->used = 0;
	scratch->is_relative = 0;
	scratch->is_unwanted = 0;
	scratch->names_taken = 0;
	__builtin_memset(&scratch->event, 0, sizeof(scratch->event));
	scratch->event.time_ns = bpf_ktime_get_ns();
	scratch->event.workload = workload;
	scratch->event.kind = kind;
	scratch->event.uid = (__u32)bpf_get_current_uid_gid();
	fill_process(&scratch->event, task);
	return scratch;
}

/* Gives the scratch memory back; a record in it that was not sent is none. */
static __always_inline void end_record(struct scratch *scratch)
{
	scratch->busy = 0;
}

/* Hands a record to the ring. Every one that was asked for is counted, and so is every one that found no room. */
static __always_inline void output_record(struct scratch *scratch)
{
	struct monitor_tally *tally = tally_of(scratch->event.workload);
	__u32 size = scratch->used;
	long error = -1;

	if (size > TEXT_AREA)
		size = TEXT_AREA;
	size += sizeof(scratch->event);
	/* A fork, exec or exit that is lost misleads about all that follows: the rest of the ring is theirs. */
	if (scratch->event.kind < MONITOR_CALL || bpf_ringbuf_query(&telemetry, BPF_RB_AVAIL_DATA) < ring_limit)
		error = bpf_ringbuf_output(&telemetry, &scratch->event, size, 0);
	if (tally) {
		count(&tally->events);
		if (error)
			count(&tally->lost[MONITOR_LOST_RING_FULL]);
	}
}

static __always_inline void send_record(struct scratch *scratch)
{
	output_record(scratch);
	end_record(scratch);
}

#endif

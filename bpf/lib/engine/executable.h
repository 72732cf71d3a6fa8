// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Which class of executables a task's program belongs to. */
#ifndef KUBEARMOR_ENGINE_EXECUTABLE_H
#define KUBEARMOR_ENGINE_EXECUTABLE_H

#include <stddef.h>

#include "label.h"
#include "match/judge.h"
#include "scratch.h"

struct name_walk {
	const char *text;
	__u32 length;
	__u64 name;
};

static long name_step(__u32 step, void *context)
{
	struct name_walk *walk = context;
	__u32 at = (step * 8) & (MATCH_PATH_BYTES - 8);

	if (at >= walk->length)
		return 1;
	walk->name = ((walk->name ^ *(const __u64 *)(walk->text + at)) + exe_key[1]) * MIX_FIRST;
	walk->name ^= walk->name >> 31;
	return 0;
}

/* Names an executable by its path. */
static __always_inline __u64 exe_name(const struct match_text *text, __u32 length)
{
	struct name_walk walk = { .text = text->text, .length = length, .name = exe_key[0] ^ length };

	bpf_loop(MATCH_PATH_BYTES / 8, name_step, &walk, 0);
	return walk.name ? walk.name : 1;
}

/* The class of an executable that is known by its name; the scratch memory is overwritten. */
static __always_inline __u32 classify(__u32 set, __u64 exe, struct engine_scratch *scratch)
{
	struct engine_executable *known = bpf_map_lookup_elem(&engine_executables, &exe);
	__u32 length;

	if (!exe || !known)
		return 0;
	length = known->length;
	if (bpf_probe_read_kernel(scratch->other.text, MATCH_PATH_BYTES, known->text))
		return 0;
	length = close_text(&scratch->other, (long)length + 1);
	return length ? source_of(set, &scratch->other, length) : 0;
}

/* Works the sources out anew where another rule set is in force than when that was done last. */
static __always_inline void refresh_sources(struct engine_label *label, const struct engine_workload *workload,
					    struct engine_scratch *scratch)
{
	if (label->generation == workload->generation)
		return;
	label->source = label->parent_source = 0;
	if (workload->kinds & ENGINE_SOURCES) {
		label->source = classify(workload->set, label->exe, scratch);
		label->parent_source = classify(workload->set, label->parent_exe, scratch);
	}
	label->generation = workload->generation;
}

/*
 * A task runs another program from now on. The path is in the scratch memory; its length stands before it, as in the
 * map of executables.
 */
static __always_inline void commit_program(struct engine_label *label, const struct engine_workload *workload,
					   struct engine_scratch *scratch)
{
	struct task_struct *task = bpf_get_current_task_btf();
	__u64 exe = exe_name(&scratch->text, scratch->length);
	struct engine_label changed = *label;

	scratch->event.length = scratch->length - 1;
	if (!bpf_map_lookup_elem(&engine_executables, &exe) &&
	    bpf_map_update_elem(&engine_executables, &exe,
				(const char *)scratch + offsetof(struct engine_scratch, text) - 8, BPF_ANY))
		count(ENGINE_COUNT_EXECUTABLE_LOST);
	changed.exe = exe;
	changed.source = 0;
	if (workload && workload->kinds & ENGINE_SOURCES)
		changed.source = source_of(workload->set, &scratch->text, scratch->length);
	*label = changed;
	store_label(task, &changed);
}

#endif

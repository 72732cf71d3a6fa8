// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Memory for one judgement. LSM programs are interrupted by others: a CPU has several, taken by compare-and-swap. */
#ifndef KUBEARMOR_ENGINE_SCRATCH_H
#define KUBEARMOR_ENGINE_SCRATCH_H

#include "maps.h"

struct engine_scratch {
	__u32 busy;
	/* Of the path, with the slash behind it. */
	__u32 length;
	struct engine_event event;
	/* Directly after the event, as in the ring. */
	struct match_text text;
	/* Another name. */
	struct match_text other;
	__u32 other_length;
	__u32 pad;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, ENGINE_SCRATCHES);
	__type(key, __u32);
	__type(value, struct engine_scratch);
} engine_scratches SEC(".maps");

static __always_inline struct engine_scratch *take_scratch(void)
{
	for (__u32 at = 0; at < ENGINE_SCRATCHES; at++) {
		__u32 key = at;
		struct engine_scratch *scratch = bpf_map_lookup_elem(&engine_scratches, &key);

		if (scratch && __sync_val_compare_and_swap(&scratch->busy, 0, 1) == 0)
			return scratch;
	}
	return 0;
}

static __always_inline void release_scratch(struct engine_scratch *scratch)
{
	scratch->busy = 0;
}

/* Puts the slash and the zeroes behind a text that the core expects; `bytes` counts the zero that ends it. */
static __always_inline __u32 close_text(struct match_text *text, long bytes)
{
	__u64 end = bytes - 1;

	if (bytes < 1 || bytes > MATCH_PATH_BYTES)
		return 0;
	barrier_var(end);
	end &= MATCH_PATH_BYTES - 1;
	*(__u64 *)(text->text + end) = '/';
	*(__u64 *)(text->text + end + 8) = 0;
	return end + 1;
}

#endif

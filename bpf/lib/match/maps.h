// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#ifndef KUBEARMOR_MATCH_MAPS_H
#define KUBEARMOR_MATCH_MAPS_H

#include "match.h"

/*
 * By the rule set's slot and the kind; a kind without rules has none. User space gives the inner maps: arrays, of one
 * value but for the rows, of which there are as many as the rule set needs (BPF_F_INNER_MAP, 5.10).
 */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, MATCH_MAX_SETS *MATCH_KINDS);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(__u32));
} match_paths SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, MATCH_MAX_SETS *MATCH_KINDS);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(__u32));
} match_rows SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, MATCH_MAX_SETS *MATCH_KINDS);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(__u32));
} match_patterns SEC(".maps");

static __always_inline const struct match_paths *paths_at(__u32 at)
{
	void *inner = bpf_map_lookup_elem(&match_paths, &at);
	__u32 zero = 0;

	return inner ? bpf_map_lookup_elem(inner, &zero) : 0;
}

static __always_inline const struct match_patterns *patterns_at(__u32 at)
{
	void *inner = bpf_map_lookup_elem(&match_patterns, &at);
	__u32 zero = 0;

	return inner ? bpf_map_lookup_elem(inner, &zero) : 0;
}

static __always_inline const struct match_row *row_at(void *rows, __u32 row)
{
	return bpf_map_lookup_elem(rows, &row);
}

#endif

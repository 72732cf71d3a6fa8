// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Which workload a cgroup stands for. A systemd unit's is known by its path before the unit starts. */
#ifndef KUBEARMOR_CGROUP_H
#define KUBEARMOR_CGROUP_H

#include "kernel_types.h"
#include "maps.h"

/* Container runtimes name a container's cgroup after its id: so many hex digits in a row. */
#define CONTAINER_ID_DIGITS 64
#define SCOPE_SUFFIX_BYTES 6

static __always_inline struct guard_cgroup cgroup_key(struct cgroup *cgroup)
{
	struct guard_cgroup key = {
		.id = BPF_CORE_READ(cgroup, kn, id),
		.hierarchy = BPF_CORE_READ(cgroup, root, hierarchy_id),
	};

	return key;
}

static __always_inline __u32 workload_of_cgroup(struct cgroup *cgroup)
{
	struct guard_cgroup key = cgroup_key(cgroup);
	__u32 *workload = bpf_map_lookup_elem(&cgroups, &key);

	return workload ? *workload : GUARD_HOST;
}

static __always_inline bool is_hex_digit(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

static __always_inline bool are_hex_digits(const char *text)
{
	for (int i = 0; i < CONTAINER_ID_DIGITS; i++)
		if (!is_hex_digit(text[i]))
			return false;
	return true;
}

/* The digits are the end of the name, or stand before ".scope" where systemd was asked to make the cgroup. */
static __always_inline bool names_container(const char *name, __u32 length)
{
	char end[CONTAINER_ID_DIGITS + SCOPE_SUFFIX_BYTES];

	if (length < sizeof(end) || bpf_probe_read_kernel(end, sizeof(end), name + length - sizeof(end)))
		return false;
	if (end[CONTAINER_ID_DIGITS] == '.')
		return are_hex_digits(end);
	return are_hex_digits(end + SCOPE_SUFFIX_BYTES);
}

/* What is below a known cgroup belongs to it; what is not is known by its path. */
static __always_inline void know_cgroup(struct cgroup *cgroup, const char *name)
{
	struct guard_cgroup key = cgroup_key(cgroup);
	struct guard_cgroup_path path = { .hierarchy = key.hierarchy };
	struct cgroup_subsys_state *parent = BPF_CORE_READ(cgroup, self.parent);
	__u32 workload = parent ? workload_of_cgroup((struct cgroup *)parent) : GUARD_HOST;
	__u32 *known;
	long length;

	if (!workload) {
		length = bpf_probe_read_kernel_str(path.path, sizeof(path.path), name);
		/* A longer one is nobody's name here: user space registers none. */
		if (length <= 0 || length == sizeof(path.path))
			return;
		known = bpf_map_lookup_elem(&cgroup_paths, &path);
		if (known)
			workload = *known;
		else if (names_container(name, length - 1))
			workload = GUARD_CONTAINER;
	}
	if (workload && bpf_map_update_elem(&cgroups, &key, &workload, BPF_ANY))
		count(GUARD_COUNT_CGROUP_LOST);
}

static __always_inline void forget_cgroup(struct cgroup *cgroup)
{
	struct guard_cgroup key = cgroup_key(cgroup);

	bpf_map_delete_elem(&cgroups, &key);
}

#endif

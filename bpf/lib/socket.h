// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#ifndef KUBEARMOR_SOCKET_H
#define KUBEARMOR_SOCKET_H

#include "emit.h"

#define AF_INET6 10
#define SOCKET_ALLOWED 1
#define SOCKET_REFUSED 0

struct socket_use {
	__u32 operation;
	__u32 family;
	__u32 type;
	__u32 protocol;
	__u32 port;
	__u32 address[4];
	__u64 cookie;
};

static __always_inline __u32 protocol_slot(__u32 protocol)
{
	switch (protocol) {
	case 1: /* ICMP */
		return 1;
	case 6: /* TCP */
		return 2;
	case 17: /* UDP */
		return 3;
	case 33: /* DCCP */
		return 4;
	case 58: /* ICMPv6 */
		return 5;
	case 132: /* SCTP */
		return 6;
	default:
		return 0;
	}
}

static __always_inline __u32 type_slot(__u32 type)
{
	/* SOCK_PACKET is 10; the others are 1 to 6 already. */
	return type < 7 ? type : 7;
}

static __always_inline __u32 cell_index(__u32 tty, __u32 family, __u32 type, __u32 protocol)
{
	__u32 index = tty ? 1 : 0;

	index = index * GUARD_FAMILIES + (family == AF_INET6 ? 1 : 0);
	index = index * GUARD_TYPES + type_slot(type);
	return index * GUARD_PROTOCOLS + protocol_slot(protocol);
}

static __always_inline struct guard_profile *find_profile(__u32 rule_set, __u64 exe)
{
	struct guard_profile_key key = { .rule_set = rule_set, .exe = exe };
	struct guard_profile *profile = bpf_map_lookup_elem(&profiles, &key);

	if (profile)
		return profile;
	/* No rule names this executable as a source: it is judged like any other. */
	key.exe = 0;
	return bpf_map_lookup_elem(&profiles, &key);
}

static __always_inline void emit_socket(const struct guard_label *label, __u32 rule_set, __u32 cell,
					const struct socket_use *use)
{
	struct guard_socket_event *event = reserve_event(sizeof(*event));

	if (!event)
		return;
	fill_event(&event->event, GUARD_EVENT_SOCKET, label, rule_set, cell);
	event->operation = use->operation;
	event->family = use->family;
	event->type = use->type;
	event->protocol = use->protocol;
	event->port = use->port;
	event->address[0] = use->address[0];
	event->address[1] = use->address[1];
	event->address[2] = use->address[2];
	event->address[3] = use->address[3];
	event->pad = 0;
	event->cookie = use->cookie;
	bpf_ringbuf_submit(event, 0);
}

/* Cgroup programs refuse with EPERM; where the kernel lets them name the error (5.18), EACCES. */
static __always_inline int refuse(void)
{
	if (bpf_core_enum_value_exists(enum bpf_func_id, BPF_FUNC_set_retval))
		bpf_set_retval(-13);
	return SOCKET_REFUSED;
}

static __always_inline int judge_socket(const struct socket_use *use)
{
	struct guard_label *label = current_label();
	struct guard_workload *workload;
	struct guard_profile *profile;
	__u64 index;
	__u32 cell;

	if (!label)
		return SOCKET_ALLOWED;
	workload = bpf_map_lookup_elem(&workloads, &label->workload);
	if (!workload || !workload->rule_set)
		return SOCKET_ALLOWED;
	profile = find_profile(workload->rule_set, label->exe);
	if (!profile)
		return workload->deny_on_error ? refuse() : SOCKET_ALLOWED;
	index = cell_index(has_terminal(), use->family, use->type, use->protocol);
	/* Compared as it is used, in 64 bits: verifiers before 6.12 do not know that the upper ones are zero. */
	barrier_var(index);
	if (index >= GUARD_CELLS)
		return SOCKET_ALLOWED;
	cell = profile->cells[index];
	if (cell & GUARD_CELL_ALERT)
		emit_socket(label, workload->rule_set, cell, use);
	return cell & GUARD_CELL_DENY ? refuse() : SOCKET_ALLOWED;
}

#endif

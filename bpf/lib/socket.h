// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#ifndef KUBEARMOR_SOCKET_H
#define KUBEARMOR_SOCKET_H

#include "emit.h"

#define AF_INET6 10
#define PF_KTHREAD 0x00200000
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

static __always_inline void emit_socket(const struct guard_label *label, __u32 workload, __u32 rule_set, __u32 cell,
					const struct socket_use *use)
{
	struct guard_socket_event *event = reserve_event(sizeof(*event));

	if (!event)
		return;
	fill_event(&event->event, GUARD_EVENT_SOCKET, label, rule_set, cell);
	event->event.workload = workload;
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

/* What the rules of one workload come to for a socket. */
struct socket_verdict {
	__u32 cell;
	__u32 rule_set;
	bool is_refused;
	bool is_alerted;
};

static __always_inline struct socket_verdict ask_workload(__u32 id, __u64 exe, const struct socket_use *use)
{
	struct guard_workload *workload = bpf_map_lookup_elem(&workloads, &id);
	struct socket_verdict verdict = {};
	struct guard_profile *profile;
	__u64 index;

	if (!workload || !workload->rule_set)
		return verdict;
	verdict.rule_set = workload->rule_set;
	profile = find_profile(workload->rule_set, exe);
	if (!profile) {
		verdict.is_refused = workload->deny_on_error & GUARD_ERROR_NETWORK;
		return verdict;
	}
	index = cell_index(has_terminal(), use->family, use->type, use->protocol);
	/* Compared as it is used, in 64 bits: verifiers before 6.12 do not know that the upper ones are zero. */
	barrier_var(index);
	if (index >= GUARD_CELLS)
		return verdict;
	verdict.cell = profile->cells[index];
	verdict.is_refused = (verdict.cell & GUARD_CELL_DENY) != 0;
	verdict.is_alerted = (verdict.cell & GUARD_CELL_ALERT) != 0;
	return verdict;
}

/* Whom no rule of the host's or of a unit's is about: init, kernel threads, ourselves, what is in a container. */
static __always_inline bool is_exempt(const struct guard_label *label)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();

	if (label->flags || label->workload == GUARD_CONTAINER)
		return true;
	return label->workload == GUARD_HOST && (is_init() || BPF_CORE_READ(task, flags) & PF_KTHREAD);
}

/*
 * A unit's sockets are judged by its own rules and by the host's, and the stricter verdict counts. One use of a socket
 * gives one alert: that of the refusal, else the unit's own.
 */
static __always_inline int judge_socket(const struct socket_use *use)
{
	struct guard_label *found = current_label();
	struct guard_label label = {};
	struct socket_verdict own = {}, host = {};

	if (found)
		label = *found;
	if (is_exempt(&label))
		return SOCKET_ALLOWED;
	if (label.workload)
		own = ask_workload(label.workload, label.exe, use);
	if (!own.is_refused && (!label.workload || is_unit(label.workload)))
		host = ask_workload(GUARD_HOST, label.exe, use);
	if (host.is_alerted && (host.is_refused || !own.is_alerted))
		emit_socket(&label, GUARD_HOST, host.rule_set, host.cell, use);
	else if (own.is_alerted)
		emit_socket(&label, label.workload, own.rule_set, own.cell, use);
	return own.is_refused || host.is_refused ? refuse() : SOCKET_ALLOWED;
}

#endif

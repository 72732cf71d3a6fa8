// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What is decided by a number: sockets and capabilities. */
#ifndef KUBEARMOR_MATCH_FIXED_H
#define KUBEARMOR_MATCH_FIXED_H

#include "maps.h"

static __always_inline __u32 number_at(void *rows, __u32 row, __u32 index)
{
	const struct match_row *found = row_at(rows, row + index / MATCH_NUMBERS);

	return found ? found->numbers[index & (MATCH_NUMBERS - 1)] : 0;
}

/* The cell of a class; what rules do not tell apart shares cells. 0 where no rule is of that kind. */
static __always_inline __u32 fixed_cell(__u32 set, __u32 source, __u32 sets_at, __u32 cells, __u32 index)
{
	__u32 at = set * MATCH_KINDS + MATCH_FIXED;
	void *rows = bpf_map_lookup_elem(&match_rows, &at);
	const struct match_row *first;
	__u32 cells_row, which;

	if (!rows)
		return MATCH_RULE_NONE;
	first = row_at(rows, 0);
	if (!first || !first->numbers[sets_at])
		return MATCH_RULE_NONE;
	if (source >= first->numbers[MATCH_FIXED_CLASSES])
		source = 0;
	cells_row = first->numbers[sets_at + 1];
	which = number_at(rows, first->numbers[sets_at], source);
	return number_at(rows, cells_row, which * cells + index);
}

static __always_inline __u32 family_cell(__u32 family)
{
	switch (family) {
	case 2: /* AF_INET */
		return 0;
	case 10: /* AF_INET6 */
		return 1;
	case 1: /* AF_UNIX */
		return 2;
	case 16: /* AF_NETLINK */
		return 3;
	case 17: /* AF_PACKET */
		return 4;
	default:
		return 5;
	}
}

static __always_inline __u32 protocol_cell(__u32 protocol)
{
	switch (protocol) {
	case 0:
		return 0;
	case 1: /* ICMP */
		return 1;
	case 6:	  /* TCP */
	case 262: /* MPTCP */
		return 2;
	case 17: /* UDP */
		return 3;
	case 58: /* ICMPv6 */
		return 4;
	case 132: /* SCTP */
		return 5;
	default:
		return 6;
	}
}

static __always_inline __u32 socket_cell(__u32 set, __u32 source, __u32 has_tty, __u32 family, __u32 type,
					 __u32 protocol)
{
	__u32 index = has_tty ? 1 : 0;

	index = index * MATCH_FAMILIES + family_cell(family);
	/* SOCK_PACKET is 10; the others are 1 to 6. */
	index = index * MATCH_TYPES + (type < 7 ? type : 7);
	index = index * MATCH_PROTOCOLS + protocol_cell(protocol);
	return fixed_cell(set, source, MATCH_FIXED_SOCKET_SETS_ROW, MATCH_SOCKET_CELLS, index);
}

static __always_inline __u32 capability_cell(__u32 set, __u32 source, __u32 has_tty, __u32 capability)
{
	__u32 index = (has_tty ? MATCH_CAPABILITIES : 0) + capability;

	if (capability >= MATCH_CAPABILITIES)
		return MATCH_RULE_NONE;
	return fixed_cell(set, source, MATCH_FIXED_CAPABILITY_SETS_ROW, MATCH_CAPABILITY_CELLS, index);
}

#endif

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The other side of a socket, as the kernel has it and not as the caller says. */
#ifndef KUBEARMOR_MONITOR_SOCKET_H
#define KUBEARMOR_MONITOR_SOCKET_H

#include <bpf/bpf_endian.h>

#include "scratch.h"

#define AF_UNIX 1
#define AF_INET 2
#define AF_INET6 10
#define EINPROGRESS 115
/* struct sockaddr_storage. */
#define MAX_ADDRESS_BYTES 128
#define MAX_UNIX_BYTES 110

/* A connection that is under way has its address already. */
static __always_inline bool has_peer(__s32 result)
{
	return result >= 0 || result == -EINPROGRESS;
}

static __always_inline void add_inet_peer(struct scratch *scratch, struct sock *sk, __u16 family, __u32 slot)
{
	__u32 used = scratch->used;
	struct monitor_peer *peer;

	if (used > TEXTS_FULL || slot >= MONITOR_TEXTS)
		return;
	peer = (struct monitor_peer *)(scratch->texts + used);
	__builtin_memset(peer, 0, sizeof(*peer));
	peer->family = family;
	peer->protocol = BPF_CORE_READ(sk, sk_protocol);
	peer->local_port = BPF_CORE_READ(sk, __sk_common.skc_num);
	peer->remote_port = bpf_ntohs(BPF_CORE_READ(sk, __sk_common.skc_dport));
	if (family == AF_INET6)
		BPF_CORE_READ_INTO(&peer->address, sk, __sk_common.skc_v6_daddr);
	else
		BPF_CORE_READ_INTO((__u32 *)&peer->address, sk, __sk_common.skc_daddr);
	scratch->event.lengths[slot] = sizeof(*peer);
	scratch->used = used + sizeof(*peer);
	scratch->event.flags |= MONITOR_RESOLVED;
}

/* What the listening socket was bound to. */
static __always_inline void add_unix_peer(struct scratch *scratch, struct sock *sk, __u32 slot)
{
	struct unix_address *address = BPF_CORE_READ((struct unix_sock *)sk, addr);
	__u32 length, used = scratch->used;

	if (!address || used > TEXTS_FULL || slot >= MONITOR_TEXTS)
		return;
	length = BPF_CORE_READ(address, len);
	if (length > MAX_UNIX_BYTES)
		return;
	if (bpf_probe_read_kernel(scratch->texts + used, length,
				  (char *)address + bpf_core_field_offset(struct unix_address, name)))
		return;
	scratch->event.lengths[slot] = length;
	scratch->used = used + length;
	scratch->event.flags |= MONITOR_RESOLVED;
}

static __always_inline void add_peer(struct scratch *scratch, struct file *file, __u32 slot)
{
	struct socket *socket = BPF_CORE_READ(file, private_data);
	struct sock *sk;
	__u16 family;

	/* Another thread may have put another file in the descriptor's place. */
	if (!file || !socket || BPF_CORE_READ(socket, file) != file)
		return;
	sk = BPF_CORE_READ(socket, sk);
	family = BPF_CORE_READ(sk, __sk_common.skc_family);
	if (family == AF_INET || family == AF_INET6)
		add_inet_peer(scratch, sk, family, slot);
	else if (family == AF_UNIX)
		add_unix_peer(scratch, sk, slot);
}

#endif

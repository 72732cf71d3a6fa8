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

__noinline int add_inet_peer(__u32 at, __u64 address, __u32 family, __u32 slot)
{
	struct sock *sk = (struct sock *)address;
	struct scratch *scratch = scratch_at(at);
	char *text = scratch ? next_text(scratch) : 0;
	struct monitor_peer peer = { .family = family };

	if (!text)
		return 0;
	peer.protocol = BPF_CORE_READ(sk, sk_protocol);
	peer.local_port = BPF_CORE_READ(sk, __sk_common.skc_num);
	peer.remote_port = bpf_ntohs(BPF_CORE_READ(sk, __sk_common.skc_dport));
	if (family == AF_INET6)
		BPF_CORE_READ_INTO(&peer.address, sk, __sk_common.skc_v6_daddr);
	else
		BPF_CORE_READ_INTO((__u32 *)&peer.address, sk, __sk_common.skc_daddr);
	__builtin_memcpy(text, &peer, sizeof(peer));
	note_length(scratch, slot, sizeof(peer));
	scratch->event.flags |= MONITOR_RESOLVED;
	return 0;
}

/* What the listening socket was bound to. */
__noinline int add_unix_peer(__u32 at, __u64 sk, __u32 slot)
{
	struct unix_address *address = BPF_CORE_READ((struct unix_sock *)sk, addr);
	struct scratch *scratch = scratch_at(at);
	char *text = scratch ? next_text(scratch) : 0;
	__u32 length;

	if (!text || !address)
		return 0;
	length = BPF_CORE_READ(address, len);
	if (length > MAX_UNIX_BYTES)
		return 0;
	if (bpf_probe_read_kernel(text, length, (char *)address + bpf_core_field_offset(struct unix_address, name)))
		return 0;
	note_length(scratch, slot, length);
	scratch->event.flags |= MONITOR_RESOLVED;
	return 0;
}

/* The socket of a file; 0 where it is of another kind. */
static __always_inline struct sock *sock_of(struct file *file)
{
	struct socket *socket = BPF_CORE_READ(file, private_data);

	if (!file || !socket || BPF_CORE_READ(socket, file) != file)
		return 0;
	return BPF_CORE_READ(socket, sk);
}

static __always_inline void add_peer(struct scratch *scratch, struct file *file, __u32 slot)
{
	struct sock *sk = sock_of(file);
	__u16 family;

	/* Another thread may have put another file in the descriptor's place. */
	if (!sk)
		return;
	family = BPF_CORE_READ(sk, __sk_common.skc_family);
	if (family == AF_INET || family == AF_INET6)
		add_inet_peer(scratch->at, (__u64)sk, family, slot);
	else if (family == AF_UNIX)
		add_unix_peer(scratch->at, (__u64)sk, slot);
}

#endif

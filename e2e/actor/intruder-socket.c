// SPDX-License-Identifier: Apache-2.0
/* Ways to send something over IP, and over what is not IP. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "intruder.h"

#define IPPROTO_MPTCP_NUMBER 262

union address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
	struct sockaddr_un local;
};

static socklen_t parse_address(const char *host, int port, union address *address)
{
	memset(address, 0, sizeof(*address));
	if (strchr(host, ':')) {
		address->v6.sin6_family = AF_INET6;
		address->v6.sin6_port = htons(port);
		inet_pton(AF_INET6, host, &address->v6.sin6_addr);
		return sizeof(address->v6);
	}
	address->v4.sin_family = AF_INET;
	address->v4.sin_port = htons(port);
	inet_pton(AF_INET, host, &address->v4.sin_addr);
	return sizeof(address->v4);
}

static int do_tcp(char **words)
{
	union address address;
	socklen_t length = parse_address(words[0], atoi(words[1]), &address);
	int fd = socket(address.any.sa_family, SOCK_STREAM, 0);

	if (fd < 0)
		return failed("socket");
	return connect(fd, &address.any, length) ? failed("connect") : spill(fd);
}

static int do_mptcp(char **words)
{
	union address address;
	socklen_t length = parse_address(words[0], atoi(words[1]), &address);
	int fd = socket(address.any.sa_family, SOCK_STREAM, IPPROTO_MPTCP_NUMBER);

	if (fd < 0)
		return failed("socket");
	return connect(fd, &address.any, length) ? failed("connect") : spill(fd);
}

static int do_tcp_fast_open(char **words)
{
	union address address;
	socklen_t length = parse_address(words[0], atoi(words[1]), &address);
	int fd = socket(address.any.sa_family, SOCK_STREAM, 0);

	if (fd < 0)
		return failed("socket");
	return sendto(fd, "hello", 5, MSG_FASTOPEN, &address.any, length) < 0 ? failed("sendto") : spill(fd);
}

static int answer_to(int fd)
{
	struct pollfd wait = { .fd = fd, .events = POLLIN };

	return poll(&wait, 1, 2000) == 1 ? spill(fd) : IMPOSSIBLE;
}

static int do_udp_sendto(char **words)
{
	union address address;
	socklen_t length = parse_address(words[0], atoi(words[1]), &address);
	int fd = socket(address.any.sa_family, SOCK_DGRAM, 0);

	if (fd < 0 || sendto(fd, "hello", 5, 0, &address.any, length) < 0)
		return failed("sendto");
	return answer_to(fd);
}

static int do_udp_sendmsg(char **words)
{
	union address address;
	socklen_t length = parse_address(words[0], atoi(words[1]), &address);
	struct iovec text = { (void *)"hello", 5 };
	struct msghdr message = { .msg_name = &address, .msg_namelen = length, .msg_iov = &text, .msg_iovlen = 1 };
	int fd = socket(address.any.sa_family, SOCK_DGRAM, 0);

	if (fd < 0 || sendmsg(fd, &message, 0) < 0)
		return failed("sendmsg");
	return answer_to(fd);
}

static int do_udp_connected(char **words)
{
	union address address;
	socklen_t length = parse_address(words[0], atoi(words[1]), &address);
	int fd = socket(address.any.sa_family, SOCK_DGRAM, 0);

	if (fd < 0 || connect(fd, &address.any, length) || send(fd, "hello", 5, 0) < 0)
		return failed("connect");
	return answer_to(fd);
}

static int do_raw(char **words)
{
	int fd = socket(AF_INET, SOCK_RAW, atoi(words[0]));

	return fd < 0 ? failed("socket") : REACHED;
}

static int do_packet(char **words)
{
	(void)words;
	return socket(AF_PACKET, SOCK_RAW, htons(3)) < 0 ? failed("socket") : REACHED;
}

static int do_local_stream(char **words)
{
	int pair[2];

	(void)words;
	return socketpair(AF_UNIX, SOCK_STREAM, 0, pair) ? failed("socketpair") : REACHED;
}

static int do_listen(char **words)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	(void)words;
	return fd < 0 || listen(fd, 1) ? failed("listen") : REACHED;
}

static int serve_datagram(int fd)
{
	union address from;
	socklen_t length = sizeof(from);
	char text[64];

	if (recvfrom(fd, text, sizeof(text), 0, &from.any, &length) < 0)
		return -1;
	return sendto(fd, "served\n", 7, 0, &from.any, length);
}

static int serve_stream(int fd)
{
	int peer = accept(fd, NULL, NULL);

	if (peer < 0)
		return -1;
	if (write(peer, "served\n", 7) < 0)
		return -1;
	return close(peer);
}

static int bound(const char *host, int port, int type)
{
	union address address;
	socklen_t length = parse_address(host, port, &address);
	int fd = socket(address.any.sa_family, type, 0);
	int on = 1;

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (address.any.sa_family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on));
	if (bind(fd, &address.any, length))
		return -1;
	setsockopt(fd, IPPROTO_TCP, TCP_FASTOPEN, &(int) { 5 }, sizeof(int));
	if (type == SOCK_STREAM && listen(fd, 16))
		return -1;
	return fd;
}

/* Answers TCP and UDP on a port, of IPv4 and IPv6, until nobody reads what it prints. */
static int do_serve(char **words)
{
	int port = atoi(words[0]);
	struct pollfd all[4] = {
		{ .fd = bound("127.0.0.1", port, SOCK_STREAM), .events = POLLIN },
		{ .fd = bound("::1", port, SOCK_STREAM), .events = POLLIN },
		{ .fd = bound("127.0.0.1", port, SOCK_DGRAM), .events = POLLIN },
		{ .fd = bound("::1", port, SOCK_DGRAM), .events = POLLIN },
	};
	int i;

	if (write(STDOUT_FILENO, "serving\n", 8) < 0)
		return IMPOSSIBLE;
	while (poll(all, 4, -1) > 0) {
		for (i = 0; i < 4; i++) {
			if (all[i].revents)
				(void)(i < 2 ? serve_stream(all[i].fd) : serve_datagram(all[i].fd));
		}
	}
	return IMPOSSIBLE;
}

static socklen_t abstract_address(const char *name, union address *address)
{
	memset(address, 0, sizeof(*address));
	address->local.sun_family = AF_UNIX;
	strncpy(address->local.sun_path + 1, name, sizeof(address->local.sun_path) - 2);
	return sizeof(sa_family_t) + 1 + strlen(name);
}

static int pass(int to, int fd)
{
	char space[CMSG_SPACE(sizeof(int))] = { 0 };
	struct iovec text = { (void *)"!", 1 };
	struct msghdr message = {
		.msg_iov = &text, .msg_iovlen = 1, .msg_control = space, .msg_controllen = sizeof(space)
	};
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);

	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(header), &fd, sizeof(fd));
	return sendmsg(to, &message, MSG_NOSIGNAL);
}

static int passed(int from)
{
	char space[CMSG_SPACE(sizeof(int))];
	char byte;
	struct iovec text = { &byte, 1 };
	struct msghdr message = {
		.msg_iov = &text, .msg_iovlen = 1, .msg_control = space, .msg_controllen = sizeof(space)
	};
	int fd = -1;

	if (recvmsg(from, &message, 0) < 0 || !CMSG_FIRSTHDR(&message))
		return -1;
	memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof(fd));
	return fd;
}

/* Gives everyone who connects a TCP socket that is not connected, and a raw one. */
static int do_give(char **words)
{
	union address address;
	socklen_t length = abstract_address(words[0], &address);
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	if (bind(fd, &address.any, length) || listen(fd, 4))
		return failed("listen");
	if (write(STDOUT_FILENO, "serving\n", 8) < 0)
		return IMPOSSIBLE;
	for (;;) {
		int sockets[2] = { socket(AF_INET, SOCK_STREAM, 0), socket(AF_INET, SOCK_RAW, IPPROTO_ICMP) };
		int peer = accept(fd, NULL, NULL);

		if (peer < 0 || sockets[0] < 0 || sockets[1] < 0)
			return IMPOSSIBLE;
		/* Whoever wants only the first may be gone before the second. */
		if (pass(peer, sockets[0]) >= 0)
			pass(peer, sockets[1]);
		close(sockets[0]);
		close(sockets[1]);
		close(peer);
	}
}

static int connect_to_giver(const char *name)
{
	union address address;
	socklen_t length = abstract_address(name, &address);
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	return connect(fd, &address.any, length) ? -1 : fd;
}

static int do_take(char **words)
{
	union address address;
	socklen_t length = parse_address(words[1], atoi(words[2]), &address);
	int from = connect_to_giver(words[0]);
	int fd = from < 0 ? -1 : passed(from);

	if (fd < 0)
		return failed("connect to the giver");
	return connect(fd, &address.any, length) ? failed("connect") : spill(fd);
}

/* An echo request, whose checksum is that of its type alone. */
static int do_take_raw(char **words)
{
	const unsigned char request[8] = { 8, 0, 0xf7, 0xff };
	union address address;
	socklen_t length = parse_address("127.0.0.1", 0, &address);
	int from = connect_to_giver(words[0]);
	int fd = from < 0 || passed(from) < 0 ? -1 : passed(from);

	if (fd < 0)
		return failed("connect to the giver");
	return sendto(fd, request, sizeof(request), 0, &address.any, length) < 0 ? failed("sendto") : REACHED;
}

static void wait_for_word(void)
{
	char byte;

	if (write(STDOUT_FILENO, "ready\n", 6) < 0 || read(STDIN_FILENO, &byte, 1) < 0)
		_exit(IMPOSSIBLE);
}

/* Sockets from before a policy: one to connect, one that is connected, one that listens. */
static int do_early_connect(char **words)
{
	union address address;
	socklen_t length = parse_address(words[0], atoi(words[1]), &address);
	int fd = socket(address.any.sa_family, SOCK_STREAM, 0);

	wait_for_word();
	return connect(fd, &address.any, length) ? failed("connect") : spill(fd);
}

static int do_early_connected(char **words)
{
	union address address;
	socklen_t length = parse_address(words[0], atoi(words[1]), &address);
	int fd = socket(address.any.sa_family, SOCK_DGRAM, 0);

	if (connect(fd, &address.any, length))
		return failed("connect");
	wait_for_word();
	return send(fd, "hello", 5, 0) < 0 ? failed("send") : answer_to(fd);
}

static int do_early_sendto(char **words)
{
	union address address;
	socklen_t length = parse_address(words[0], atoi(words[1]), &address);
	int fd = socket(address.any.sa_family, SOCK_DGRAM, 0);

	wait_for_word();
	return sendto(fd, "hello", 5, 0, &address.any, length) < 0 ? failed("sendto") : answer_to(fd);
}

/* Someone was connecting already. */
static int do_early_accept(char **words)
{
	union address address;
	socklen_t length = parse_address("127.0.0.1", 0, &address);
	int listening = socket(AF_INET, SOCK_STREAM, 0);
	int connecting = socket(AF_INET, SOCK_STREAM, 0);

	(void)words;
	if (bind(listening, &address.any, length) || listen(listening, 1) ||
	    getsockname(listening, &address.any, &length) || connect(connecting, &address.any, length))
		return failed("listen");
	wait_for_word();
	return accept(listening, NULL, NULL) < 0 ? failed("accept") : REACHED;
}

static int do_early_open(char **words)
{
	int fd = open(words[0], O_RDONLY);

	if (fd < 0)
		return failed("open");
	wait_for_word();
	return spill(fd);
}

const struct attempts socket_attempts[] = {
	{ "tcp", 2, do_tcp },
	{ "mptcp", 2, do_mptcp },
	{ "tcp-fast-open", 2, do_tcp_fast_open },
	{ "udp-sendto", 2, do_udp_sendto },
	{ "udp-sendmsg", 2, do_udp_sendmsg },
	{ "udp-connected", 2, do_udp_connected },
	{ "raw", 1, do_raw },
	{ "packet", 0, do_packet },
	{ "local-stream", 0, do_local_stream },
	{ "listen", 0, do_listen },
	{ "serve", 1, do_serve },
	{ "give", 1, do_give },
	{ "take", 3, do_take },
	{ "take-raw", 1, do_take_raw },
	{ "early-connect", 2, do_early_connect },
	{ "early-connected", 2, do_early_connected },
	{ "early-sendto", 2, do_early_sendto },
	{ "early-accept", 0, do_early_accept },
	{ "early-open", 1, do_early_open },
	{ NULL, 0, NULL },
};

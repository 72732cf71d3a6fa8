// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "actor.h"

#define SEND_FASTOPEN 0x20000000
#define LISTENERS 4

struct name {
	const char *name;
	int value;
};

static const struct name families[] = {
	{ "inet", AF_INET }, { "inet6", AF_INET6 }, { "unix", AF_UNIX },
	{ "netlink", 16 },   { "packet", 17 },	    { NULL, 0 },
};

static const struct name types[] = {
	{ "stream", SOCK_STREAM },	 { "dgram", SOCK_DGRAM }, { "raw", SOCK_RAW }, { "rdm", 4 },
	{ "seqpacket", SOCK_SEQPACKET }, { "dccp", 6 },		  { "packet", 10 },    { NULL, 0 },
};

static const char *const calls[] = { "socket", "bind", "listen", "connect", "send", "fastopen", NULL };

static const char *call;
static int family, type, protocol, fd = -1;
static const char *place;

static int find(const struct name *names, const char *name)
{
	for (; names->name; names++) {
		if (!strcmp(names->name, name))
			return names->value;
	}
	return -1;
}

static const char *variable_of(int of_family, int of_type)
{
	static char name[48];

	snprintf(name, sizeof(name), "ACTOR_PORT_%d_%d", of_family, of_type);
	return name;
}

static socklen_t loopback(struct sockaddr_storage *address, int of_family, int port)
{
	struct sockaddr_in *v4 = (void *)address;
	struct sockaddr_in6 *v6 = (void *)address;

	memset(address, 0, sizeof(*address));
	address->ss_family = of_family;
	if (of_family == AF_INET) {
		v4->sin_port = htons(port);
		v4->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
		return sizeof(*v4);
	}
	if (of_family == AF_INET6) {
		v6->sin6_port = htons(port);
		v6->sin6_addr = (struct in6_addr)IN6ADDR_LOOPBACK_INIT;
		return sizeof(*v6);
	}
	return sizeof(sa_family_t);
}

int open_listeners(void)
{
	static const int what[LISTENERS][2] = {
		{ AF_INET, SOCK_STREAM },
		{ AF_INET, SOCK_DGRAM },
		{ AF_INET6, SOCK_STREAM },
		{ AF_INET6, SOCK_DGRAM },
	};

	for (int i = 0; i < LISTENERS; i++) {
		struct sockaddr_storage address;
		socklen_t length = loopback(&address, what[i][0], 0);
		int on = what[i][1] == SOCK_STREAM;
		int listener = socket(what[i][0], what[i][1] | SOCK_CLOEXEC, 0);
		char port[8];

		/* A machine without IPv6 has no listener for it. */
		if (listener < 0 || bind(listener, (void *)&address, length) || (on && listen(listener, 128)))
			continue;
		getsockname(listener, (void *)&address, &length);
		snprintf(port, sizeof(port), "%d", ntohs(((struct sockaddr_in *)&address)->sin_port));
		setenv(variable_of(what[i][0], what[i][1]), port, 1);
	}
	return 0;
}

int prepare_socket(char **words)
{
	const char *const *known = calls;

	while (*known && strcmp(*known, words[0]))
		known++;
	if (!*known) {
		errno = ENOSYS;
		return -1;
	}
	errno = EINVAL;
	if (!words[1] || !words[2] || !words[3])
		return -1;
	call = words[0];
	family = find(families, words[1]);
	type = find(types, words[2]);
	protocol = atoi(words[3]);
	if (family < 0 || type < 0)
		return -1;
	place = words[4] ? words[4] : getenv(variable_of(family, type));
	if (!strcmp(call, "socket"))
		return 0;
	/* Creating the socket is an operation of its own. */
	fd = socket(family, type, protocol);
	return fd < 0 ? -1 : 0;
}

static socklen_t target(struct sockaddr_storage *address)
{
	struct sockaddr_un *local = (void *)address;

	if (family != AF_UNIX)
		return loopback(address, family, place ? atoi(place) : 0);
	memset(address, 0, sizeof(*address));
	local->sun_family = AF_UNIX;
	if (place)
		strncpy(local->sun_path, place, sizeof(local->sun_path) - 1);
	return sizeof(*local);
}

static int use_socket(void)
{
	struct sockaddr_storage address;
	socklen_t length;

	if (!strcmp(call, "socket"))
		return fd = socket(family, type, protocol);
	if (!strcmp(call, "listen"))
		return listen(fd, 1);
	if (!strcmp(call, "bind")) {
		/* Any free port: the listener has the one that is known. */
		length = family == AF_UNIX ? target(&address) : loopback(&address, family, 0);
		return bind(fd, (void *)&address, length);
	}
	length = target(&address);
	if (!strcmp(call, "connect"))
		return connect(fd, (void *)&address, length);
	if (!strcmp(call, "fastopen"))
		return sendto(fd, "x", 1, SEND_FASTOPEN, (void *)&address, length);
	return sendto(fd, "x", 1, 0, (void *)&address, length);
}

int perform_socket(void)
{
	return use_socket() < 0 ? errno : 0;
}

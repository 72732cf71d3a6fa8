// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "actor.h"

#define CAPABILITY_VERSION_3 0x20080522

struct capability_header {
	uint32_t version;
	int pid;
};

struct capability_sets {
	uint32_t effective, permitted, inheritable;
};

/* Losing uid 0 empties the effective set; what is permitted is raised again. */
static int raise_capabilities(void)
{
	struct capability_header header = { .version = CAPABILITY_VERSION_3 };
	struct capability_sets sets[2];

	if (syscall(SYS_capget, &header, sets))
		return -1;
	sets[0].effective = sets[0].permitted;
	sets[1].effective = sets[1].permitted;
	return syscall(SYS_capset, &header, sets);
}

int become_user(unsigned int uid)
{
	if (uid == 0)
		return 0;
	if (prctl(PR_SET_KEEPCAPS, 1) || setresuid(uid, uid, uid))
		return -1;
	return raise_capabilities();
}

int take_terminal(void)
{
	/* Both ends stay open: a terminal whose other end is gone hangs up. */
	int master = open("/dev/ptmx", O_RDWR | O_NOCTTY);
	int slave;

	if (master < 0 || unlockpt(master) || (setsid() < 0 && getsid(0) != getpid()))
		return -1;
	slave = open(ptsname(master), O_RDWR | O_NOCTTY);
	return slave < 0 ? -1 : ioctl(slave, TIOCSCTTY, 0);
}

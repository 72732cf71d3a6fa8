// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "actor.h"

static char **request;

int prepare_change(char **words)
{
	request = words;
	return words[1] ? 0 : EINVAL;
}

static int change(const char *call, const char *first, const char *second)
{
	if (!strcmp(call, "unlink"))
		return unlink(first);
	if (!strcmp(call, "rmdir"))
		return rmdir(first);
	if (!strcmp(call, "truncate"))
		return truncate(first, 0);
	if (!strcmp(call, "mknod"))
		return mknod(first, S_IFIFO | 0644, 0);
	if (!second) {
		errno = EINVAL;
		return -1;
	}
	if (!strcmp(call, "rename"))
		return rename(first, second);
	if (!strcmp(call, "link"))
		return link(first, second);
	if (!strcmp(call, "symlink"))
		return symlink(first, second);
	if (!strcmp(call, "mkdir"))
		return mkdir(second, strtoul(first, NULL, 8));
	if (!strcmp(call, "chmod"))
		return chmod(second, strtoul(first, NULL, 8));
	if (!strcmp(call, "chown"))
		return chown(second, atoi(first), -1);
	errno = EINVAL;
	return -1;
}

int perform_change(void)
{
	return change(request[0], request[1], request[2]) ? errno : 0;
}

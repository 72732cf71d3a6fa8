/* SPDX-License-Identifier: Apache-2.0 */
/* Attempts to get around a guard. Each says by its status whether it got what it wanted. */
#ifndef INTRUDER_H
#define INTRUDER_H

#include <stddef.h>

/* Statuses: what was wanted was had, was refused, could not be tried here. */
#define REACHED 0
#define REFUSED 1
#define IMPOSSIBLE 2

typedef int (*attempt)(char **words);

struct attempts {
	const char *name;
	int words;
	attempt run;
};

extern const struct attempts open_attempts[];
extern const struct attempts race_attempts[];
extern const struct attempts uring_attempts[];
extern const struct attempts exec_attempts[];
extern const struct attempts source_attempts[];
extern const struct attempts low_attempts[];
extern const struct attempts socket_attempts[];
extern const struct attempts sibling_attempts[];

/* Says what failed; REFUSED for EPERM and EACCES, else IMPOSSIBLE. */
int failed(const char *step);
/* Prints what a descriptor gives; REACHED if it gives anything. */
int spill(int fd);
/* Writes a mark through a descriptor. */
int scribble(int fd);
/* Opens for reading and prints, or opens for writing and marks. */
int read_file(const char *path);
int write_file(const char *path);
/* Waits for a child: its status, or REFUSED if a signal ended it. */
int outcome(int pid);
/* The name this program was started under. */
extern const char *own_path;

#endif

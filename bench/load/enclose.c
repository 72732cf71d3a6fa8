// SPDX-License-Identifier: Apache-2.0
/*
 * enclose WORK IMAGE COMMAND [ARGUMENT]...: runs a command as the first process of mount and pid namespaces of its own,
 * on an overlay over IMAGE, once a line has come on standard input. Prints its pid first.
 */
#define _GNU_SOURCE
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static void must(long result, const char *step)
{
	if (result >= 0)
		return;
	perror(step);
	_exit(1);
}

static void mount_root(const char *work, const char *image)
{
	char options[8192];

	must(mount("", "/", NULL, MS_REC | MS_PRIVATE, NULL), "private");
	must(mount("scope", work, "tmpfs", 0, "mode=755"), "tmpfs");
	must(chdir(work), "work");
	must(mkdir("upper", 0755), "upper");
	must(mkdir("work", 0755), "work");
	must(mkdir("root", 0755), "root");
	snprintf(options, sizeof(options), "lowerdir=%s,upperdir=%s/upper,workdir=%s/work", image, work, work);
	must(mount("scope", "root", "overlay", 0, options), "overlay");
	must(chdir("root"), "chdir");
	must(mount("proc", "proc", "proc", 0, NULL), "proc");
	must(syscall(SYS_pivot_root, ".", "."), "pivot_root");
	must(umount2(".", MNT_DETACH), "umount");
	must(chdir("/"), "chdir");
}

int main(int argc, char **argv)
{
	int status, ready[2];
	char byte;
	pid_t child;

	if (argc < 4)
		return 2;
	must(pipe(ready), "pipe");
	must(unshare(CLONE_NEWNS | CLONE_NEWPID), "unshare");
	child = fork();
	must(child, "fork");
	if (child == 0) {
		must(prctl(PR_SET_PDEATHSIG, SIGKILL), "pdeathsig");
		mount_root(argv[1], argv[2]);
		close(ready[0]);
		must(write(ready[1], "r", 1), "ready");
		close(ready[1]);
		/* One byte at a time: what follows the line is the command's. */
		do
			must(read(STDIN_FILENO, &byte, 1) - 1, "go");
		while (byte != '\n');
		execv(argv[3], argv + 3);
		must(-1, argv[3]);
	}
	close(ready[1]);
	must(read(ready[0], &byte, 1) - 1, "child");
	printf("%d\n", child);
	fflush(stdout);
	close(STDIN_FILENO);
	close(STDOUT_FILENO);
	waitpid(child, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

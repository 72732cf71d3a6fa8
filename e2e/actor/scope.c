// SPDX-License-Identifier: Apache-2.0
/* A scope by the shortest way: what `karmor run` does, without anything that policies or the user could ask for. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include "actor.h"

static const struct output output = { .fd = STDOUT_FILENO, .tag = "scope" };

static void must(int result, const char *step)
{
	if (result >= 0)
		return;
	say_failed(&output, step, errno);
	_exit(1);
}

static const char *in(const char *directory, const char *name)
{
	static char paths[4][4096];
	static int next;
	char *path = paths[next++ % 4];

	snprintf(path, sizeof(paths[0]), "%s/%s", directory, name);
	return path;
}

static void mount_root(const char *work, const char *image)
{
	static char options[16384];

	must(mount("", "/", NULL, MS_REC | MS_PRIVATE, NULL), "private");
	must(mount("scope", work, "tmpfs", 0, "mode=755"), "tmpfs");
	must(mkdir(in(work, "upper"), 0755), "mkdir");
	must(mkdir(in(work, "work"), 0755), "mkdir");
	must(mkdir(in(work, "root"), 0755), "mkdir");
	/* Without redirection directories of the image cannot be renamed, without an index names of one file part when
	 * it is written. */
	snprintf(options, sizeof(options), "index=on,xino=on,redirect_dir=on,lowerdir=%s,upperdir=%s,workdir=%s", image,
		 in(work, "upper"), in(work, "work"));
	must(mount("scope", in(work, "root"), "overlay", 0, options), "overlay");
	must(chdir(in(work, "root")), "chdir");
}

static void make_device(const char *name, int major, int minor)
{
	must(mknod(name, S_IFCHR | 0666, makedev(major, minor)), "mknod");
	must(chmod(name, 0666), "chmod");
}

static void mount_standard(void)
{
	must(mount("proc", "proc", "proc", 0, NULL), "proc");
	must(mount("dev", "dev", "tmpfs", 0, "mode=755"), "dev");
	make_device("dev/null", 1, 3);
	make_device("dev/zero", 1, 5);
	make_device("dev/tty", 5, 0);
	must(mkdir("dev/pts", 0755), "mkdir");
	must(mount("devpts", "dev/pts", "devpts", 0, "newinstance,ptmxmode=0666,mode=620"), "devpts");
	must(symlink("pts/ptmx", "dev/ptmx"), "ptmx");
}

static void mount_binds(char **words)
{
	for (; words[0] && words[1] && words[2]; words += 3)
		must(mount(in(".", words[1]), in(".", words[2]), NULL, MS_BIND, NULL), "bind");
}

static void enter_root(void)
{
	must(syscall(SYS_pivot_root, ".", "."), "pivot_root");
	must(umount2(".", MNT_DETACH), "umount");
	must(chdir("/"), "chdir");
}

static int live_inside(char **words, int launcher)
{
	char byte;

	must(prctl(PR_SET_PDEATHSIG, SIGKILL), "pdeathsig");
	mount_root(words[0], words[1]);
	mount_standard();
	mount_binds(words + 2);
	enter_root();
	if (read(launcher, &byte, 1) != 1)
		return 1;
	/* Only now do our mounts show what is to be guarded. */
	say_number(&output, "ready", getpid());
	return serve();
}

/* WORK IMAGE [bind SOURCE TARGET]... */
int scope(char **words)
{
	int told[2], status;
	pid_t child;

	if (!words[0] || !words[1])
		return 2;
	/* Subjects have no terminal unless a case asks for one. */
	setsid();
	must(unshare(CLONE_NEWNS | CLONE_NEWPID), "unshare");
	must(pipe2(told, O_CLOEXEC), "pipe");
	child = fork();
	must(child, "fork");
	if (child == 0) {
		close(told[1]);
		_exit(live_inside(words, told[0]));
	}
	say_number(&output, "pid", child);
	must(write(told[1], "g", 1), "tell");
	close(STDIN_FILENO);
	close(STDOUT_FILENO);
	waitpid(child, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

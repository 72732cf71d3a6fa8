// SPDX-License-Identifier: Apache-2.0
/*
 * The smallest ELF loader. As the PT_INTERP of a program it starts that program, which needs nothing loaded.
 * Run directly it opens its first argument for reading: as a subject where ACTOR_SUBJECT="GO REPORT TAG" says so,
 * else at once, with "do errno N" printed. With ACTOR_REPORT it is a copy that says that it ran.
 */
#include "report.h"

#ifndef __x86_64__
#error "the test loader is written for x86-64"
#endif

#define SUBJECT_VARIABLE "ACTOR_SUBJECT"

#define SYS_READ 0
#define SYS_WRITE 1
#define SYS_OPEN 2
#define SYS_GETPID 39
#define SYS_READLINK 89
#define SYS_EXIT_GROUP 231
#define AT_ENTRY 9

/* Hidden: its address must need no relocation, for nobody would carry that out. */
__attribute__((visibility("hidden"))) void _start(void);
__attribute__((used)) long begin(long *stack);

/* begin() answers with the address of the program to start; the stack is the one that the kernel made. */
__asm__(".globl _start\n"
	"_start:\n"
	"	mov %rsp, %rdi\n"
	"	mov %rsp, %rbx\n"
	"	and $-16, %rsp\n"
	"	call begin\n"
	"	mov %rbx, %rsp\n"
	"	xor %edx, %edx\n"
	"	jmp *%rax\n");

static long call(long number, long a, long b, long c)
{
	long result;

	__asm__ volatile("syscall" : "=a"(result) : "a"(number), "D"(a), "S"(b), "d"(c) : "rcx", "r11", "memory");
	return result;
}

static void say(int fd, struct report *report)
{
	report_char(report, '\n');
	call(SYS_WRITE, fd, (long)report->text, report->length);
}

static void say_number(int fd, const char *tag, const char *what, unsigned long number)
{
	static struct report report;

	report.length = 0;
	report_word(&report, tag);
	report_word(&report, what);
	report_number(&report, number);
	say(fd, &report);
}

static void say_ran(const char *where, char **argv)
{
	static struct report report;
	static char exe[4096];
	int fd = leading_number(where, &where);

	report.length = 0;
	report_word(&report, *where ? where + 1 : where);
	report_word(&report, "ran");
	report_number(&report, call(SYS_GETPID, 0, 0, 0));
	call(SYS_READLINK, (long)"/proc/self/exe", (long)exe, sizeof(exe) - 1);
	report_word(&report, exe);
	for (; *argv; argv++)
		report_word(&report, *argv);
	say(fd, &report);
}

static long try_open(const char *path)
{
	long result = call(SYS_OPEN, (long)path, 0, 0);

	return result < 0 ? -result : 0;
}

/* How: "GO REPORT TAG". */
static int be_subject(const char *how, const char *path)
{
	int go = leading_number(how, &how);
	int fd = leading_number(how + 1, &how);
	const char *tag = how + 1;
	char byte;

	say_number(fd, tag, "ready", call(SYS_GETPID, 0, 0, 0));
	if (call(SYS_READ, go, (long)&byte, 1) != 1)
		return 1;
	say_number(fd, tag, "errno", try_open(path));
	return 0;
}

static int begins(const char *text, const char *with)
{
	while (*with && *text == *with) {
		text++;
		with++;
	}
	return !*with;
}

static int act(int argc, char **argv, char **environment)
{
	for (; *environment; environment++) {
		if (begins(*environment, REPORT_VARIABLE "=")) {
			say_ran(*environment + sizeof(REPORT_VARIABLE), argv);
			return 0;
		}
		if (begins(*environment, SUBJECT_VARIABLE "=") && argc > 1)
			return be_subject(*environment + sizeof(SUBJECT_VARIABLE), argv[1]);
	}
	if (argc == 2)
		say_number(1, "do", "errno", try_open(argv[1]));
	return argc == 2 ? 0 : 2;
}

long begin(long *stack)
{
	int argc = stack[0];
	char **argv = (char **)(stack + 1);
	char **environment = argv + argc + 1;
	char **end = environment;

	while (*end)
		end++;
	for (long *entry = (long *)(end + 1); entry[0]; entry += 2) {
		if (entry[0] == AT_ENTRY && entry[1] != (long)_start)
			return entry[1];
	}
	call(SYS_EXIT_GROUP, act(argc, argv, environment), 0, 0);
	return 0;
}

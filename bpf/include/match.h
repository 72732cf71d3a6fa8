// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A rule set as the kernel has it: immutable tables, made by packages/enforcers/src/bpf-lsm/image, which
 * packages/enforcers/src/bpf-lsm/layout.ts mirrors.
 */
#ifndef KUBEARMOR_MATCH_H
#define KUBEARMOR_MATCH_H

#include <linux/types.h>

/* Rule sets that are in force at a time; each has a slot. */
#define MATCH_MAX_SETS 4096
/* A path with the slash that is put behind it; what is read past that is zero. */
#define MATCH_PATH_BYTES 4096
#define MATCH_STEP_BYTES 32
#define MATCH_STEPS (MATCH_PATH_BYTES / MATCH_STEP_BYTES)
#define MATCH_TEXT_BYTES (MATCH_PATH_BYTES + MATCH_STEP_BYTES)
/* Names under which one file is judged. */
#define MATCH_NAMES 3
/* Directories of one path that rules name. */
#define MATCH_MAX_NESTED 32
/* Different lists of allowed arguments. */
#define MATCH_MAX_ARGUMENT_LISTS 64
/* Lists of allowed arguments that compete for one program. */
#define MATCH_MAX_CHAIN 8

/* Every word of a path has two keys of its own; the second lane takes those of the next word. */
#define MATCH_KEYS (2 * (MATCH_PATH_BYTES / 8) + 4)
#define MATCH_BLOOM_WORDS 4096

/* What has tables of paths. */
enum match_kind {
	MATCH_FILE = 0,
	MATCH_PROCESS = 1,
	/* Executables by what rules are limited to: their effects are classes. */
	MATCH_SOURCE = 2,
	/* Sockets and capabilities: rows only. */
	MATCH_FIXED = 3,
	MATCH_KINDS = 4,
};

/* Of a reference to what rules come to; 0 is none. */
#define MATCH_REF_SOURCED 0x80000000u
#define MATCH_REF_CELL 0x40000000u
/* In the last slot of a bucket: there are more in the other one. */
#define MATCH_REF_OVERFLOW 0x20000000u
#define MATCH_REF_INDEX 0x1fffffffu

/* How what decides is coded below its rank: a Block by its rule, a pass, an Allow that fails by its rule. */
#define MATCH_PASS 0x40000000u
#define MATCH_FAIL 0x80000000u
#define MATCH_RULE 0x3fffffffu
#define MATCH_NOTHING (~0ull)

/* The rank is subtracted from this: what is lower comes first. */
#define MATCH_RANK_BASE 0x20000u

/* The best Block or Allow rule, and the best Audit rule; of two effects the lower of each counts. */
struct match_effect {
	__u64 deciding;
	__u64 auditing;
};

/* Where something is looked up: an exact path, a directory, a name, a file. */
struct match_slot {
	__u64 tag;
	/* For direct children and the directory itself; for whatever is exact. */
	__u32 near;
	/* For what is deeper. Of an exact path: its names' places among those of its file, enum match_links. */
	__u32 far;
};

#define MATCH_SLOTS 4

/* What a reference is for a class of sources. */
struct match_override {
	__u32 ref;
	__u32 source;
	__u32 instead;
	__u32 overflow;
};

/* One effect for every kind of access: bit 0 is the owner, bit 1 of the mask, bit 2 a terminal. */
struct match_cell {
	__u32 effects[8];
	/* Which bit of the mask counts: whether it writes, or a list of arguments. */
	__u32 mask_bit;
	/* Another cell that competes; 0 for none. */
	__u32 next;
	__u32 pad[6];
};

/* All tables consist of rows of one size. */
struct match_row {
	union {
		struct match_slot slots[MATCH_SLOTS];
		struct match_override overrides[MATCH_SLOTS];
		struct match_effect effects[4];
		struct match_cell cell;
		__u32 numbers[16];
	};
};

/* Buckets of slots; the mask is their number less one. */
struct match_table {
	__u32 row;
	__u32 mask;
};

/* A link group's place among those of its file: what hard links are judged by already. */
enum match_links {
	MATCH_LINK_GROUPS = 12,
	MATCH_LINK_MASK = 0xfff,
};

enum match_flag {
	MATCH_HAS_ANCHORED = 1,
	MATCH_HAS_FLOATING = 2,
	MATCH_HAS_NAMES = 4,
	MATCH_HAS_FILES = 8,
};

enum match_posture {
	MATCH_POSTURE_ALLOW = 0,
	MATCH_POSTURE_AUDIT = 1,
	MATCH_POSTURE_BLOCK = 2,
};

struct match_paths {
	/* Of one rule set and no other: what is looked up must have it, too. */
	__u64 generation;
	__u32 flags;
	__u32 posture;
	struct match_table paths;
	struct match_table names;
	struct match_table files;
	/* Directories whose change is a write to what rules name below. */
	struct match_table below;
	struct match_table overrides;
	__u32 effects_row;
	__u32 cells_row;
	/* References by the state in which each automaton ends. */
	__u32 accepts_row[2];
	__u32 keys[MATCH_KEYS];
	__u64 bloom[MATCH_BLOOM_WORDS];
};

/* A directory of a path that rules name. */
struct match_hit {
	__u32 near;
	__u32 far;
	/* Which of the path's slashes it ends in. */
	__u32 slash;
	__u32 pad;
};

/* Memory for one path that is looked up. */
struct match_text {
	char text[MATCH_TEXT_BYTES];
	struct match_hit hit[MATCH_MAX_NESTED];
};

/*
 * Patterns as two automata: those that begin with a directory, and those that do not. A state is where its
 * transitions begin.
 */
#define MATCH_AUTOMATA 2
#define MATCH_TRANSITIONS 65536

struct match_patterns {
	__u64 generation;
	__u32 first[MATCH_AUTOMATA];
	/* Transitions of a state. */
	__u32 width[MATCH_AUTOMATA];
	__u8 classes[MATCH_AUTOMATA][256];
	__u16 next[MATCH_AUTOMATA][MATCH_TRANSITIONS];
};

/*
 * Of what is no path there is a cell for each thing that rules can tell apart, for each class of executables that they
 * treat differently, with and without a terminal.
 */
#define MATCH_FAMILIES 6
#define MATCH_TYPES 8
#define MATCH_PROTOCOLS 8
#define MATCH_SOCKET_CELLS (2 * MATCH_FAMILIES * MATCH_TYPES * MATCH_PROTOCOLS)
#define MATCH_CAPABILITIES 48
#define MATCH_CAPABILITY_CELLS (2 * MATCH_CAPABILITIES)
#define MATCH_NUMBERS 16

/* A cell: whether it denies, and the alert's rule. */
#define MATCH_CELL_DENY 0x80000000u

/* The first row of MATCH_FIXED, in its numbers. */
enum match_fixed {
	/* Where for each class the number of its cells of sockets begins, and how many classes there are. */
	MATCH_FIXED_CLASSES = 0,
	MATCH_FIXED_SOCKET_SETS_ROW = 1,
	MATCH_FIXED_SOCKET_CELLS_ROW = 2,
	MATCH_FIXED_CAPABILITY_SETS_ROW = 3,
	MATCH_FIXED_CAPABILITY_CELLS_ROW = 4,
};

/* Who asks, and for what. */
struct match_facts {
	/* Bit 0: whether it writes. Of an exec: which lists of arguments allow it. */
	__u64 mask;
	/* Class of the executable, and for an exec that of its parent's. */
	__u32 source;
	__u32 parent_source;
	__u32 is_owner;
	__u32 has_tty;
};

/* What rules come to under one name. */
struct match_contest {
	struct match_effect effect;
	/* Of the exact path: its place among the links of its file. */
	__u32 links;
	/* Something was not there that must be: nothing can be said. */
	__u32 is_broken;
};

/* What they come to under all names. */
struct match_judgement {
	__u64 block;
	__u64 fail;
	__u64 audit;
	__u32 passes;
	__u32 is_broken;
};

/* In the place of a rule: the kind's posture, or nothing. */
#define MATCH_RULE_POSTURE 0x3ffffffeu
#define MATCH_RULE_NONE 0x3fffffffu

struct match_verdict {
	__u32 is_denied;
	/* The alert's rule, if there is one. */
	__u32 rule;
};

#endif

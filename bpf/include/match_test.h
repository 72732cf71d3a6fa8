// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What the test program of the matching core shares with its tests. */
#ifndef KUBEARMOR_MATCH_TEST_H
#define KUBEARMOR_MATCH_TEST_H

#include "match.h"

struct match_answer {
	__u32 is_denied;
	__u32 rule;
	__u32 is_broken;
	__u32 pad;
};

struct match_name {
	__u32 length;
	/* Whether what allows under this name counts. */
	__u32 allows;
	struct match_text text;
};

struct match_case {
	__u32 set;
	__u32 kind;
	__u32 names;
	__u32 has_file;
	__u64 inode;
	__u32 device;
	__u32 is_subtree;
	/* What no rule matches passes. */
	__u32 has_no_posture;
	__u32 pad;
	struct match_facts facts;
	struct match_answer answer;
	struct match_name name[MATCH_NAMES];
	/* A further last component. */
	struct match_name requested;
	/* Who asks, and who made it; no length for nobody. */
	struct match_name exe;
	struct match_name parent;
};

#endif

// SPDX-License-Identifier: Apache-2.0
/* A section of this name makes the linker write a PT_INTERP; the tests replace the text, which fills its place with
 * zeros. */
__attribute__((section(".interp"), used)) const char interpreter[256] = "/actor-interpreter-place";

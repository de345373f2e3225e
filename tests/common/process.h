/* What the test's process takes of the system, in bytes. */
#ifndef WEFT_TESTS_COMMON_PROCESS_H
#define WEFT_TESTS_COMMON_PROCESS_H

#include <stddef.h>

size_t process_space(void); /* address space */
size_t process_data(void);  /* what can be written, whether it is there or not */

#endif

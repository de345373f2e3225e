#include "common/process.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* The first and the sixth number, in pages (proc(5)). */
static size_t read_statm(const char *format) {
    unsigned long pages;
    FILE *file = fopen("/proc/self/statm", "r");
    if (!file || fscanf(file, format, &pages) != 1) {
        fprintf(stderr, "/proc/self/statm cannot be read\n");
        abort();
    }
    fclose(file);
    return pages * (size_t)sysconf(_SC_PAGESIZE);
}

size_t process_space(void) {
    return read_statm("%lu");
}

size_t process_data(void) {
    return read_statm("%*d %*d %*d %*d %*d %lu");
}

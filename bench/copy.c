/* The floor of transforming a file: a process that has the kernel copy the input to another name. */
#include <fcntl.h>
#include <sys/types.h>
#include <unistd.h>

enum { AT_ONCE = 1 << 30 };

int main(int argc, char **argv) {
    if (argc != 3) return 2;
    int in = open(argv[1], O_RDONLY), out = open(argv[2], O_WRONLY | O_CREAT | O_TRUNC, 0666);
    ssize_t copied = in < 0 || out < 0 ? -1 : 1;
    while (copied > 0) copied = copy_file_range(in, NULL, out, NULL, AT_ONCE, 0);
    return copied < 0 || close(out) ? 1 : 0;
}

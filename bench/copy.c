/* The floor of transforming a file: a process that maps the input and writes it out under another name. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

int main(int argc, char **argv) {
    struct stat about;
    if (argc != 3) return 2;
    int in = open(argv[1], O_RDONLY), out = open(argv[2], O_WRONLY | O_CREAT | O_TRUNC, 0666);
    if (in < 0 || out < 0 || fstat(in, &about)) return 1;
    size_t size = (size_t)about.st_size, done = 0;
    const char *bytes = mmap(NULL, size, PROT_READ, MAP_PRIVATE, in, 0);
    if (bytes == MAP_FAILED) return 1;
    while (done < size) {
        ssize_t wrote = write(out, bytes + done, size - done);
        if (wrote <= 0) return 1;
        done += (size_t)wrote;
    }
    return close(out) ? 1 : 0;
}

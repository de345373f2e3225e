import os
import sys
import time

from wit_world import exports


def files(folder):
    path = os.path.join(folder, "first.txt")
    with open(path, "wb") as out:
        out.write(bytes(range(256)) * 400)
    os.rename(path, os.path.join(folder, "second.txt"))
    print(sorted(os.listdir(folder)), os.path.getsize(os.path.join(folder, "second.txt")))
    os.remove(os.path.join(folder, "second.txt"))


def clocks():
    start = time.monotonic()
    time.sleep(0.01)
    print(time.monotonic() - start >= 0.01, time.time() > 1.7e9, os.urandom(8) != os.urandom(8))


class Run(exports.Run):
    def run(self) -> None:
        command = sys.argv[1] if len(sys.argv) > 1 else ""
        if command == "files":
            files(sys.argv[2])
        elif command == "clocks":
            clocks()
        elif command == "lines":
            for line in sys.stdin:
                print(line.upper(), end="")
        elif command == "exit":
            sys.exit(int(sys.argv[2]))
        else:
            print(sys.argv, sorted(os.environ.items()))

"""Load without wrk: ``python -m benchmarks.generator URL SECONDS CONNECTIONS [HEADER …]``.

Slower than wrk, and it takes more of the processor from the server: ratios of fast
answers come out smaller than they are. Prints its rate as wrk does.
"""

import socket
import sys
import threading
import time
from urllib.parse import urlsplit


def main() -> None:
    url, seconds, connections, *headers = sys.argv[1:]
    parts = urlsplit(url)
    lines = [f"GET {parts.path} HTTP/1.1", f"Host: {parts.netloc}", *headers]
    request = "\r\n".join([*lines, "Connection: close", "", ""]).encode()
    address = (parts.hostname or "", parts.port or 80)
    end = time.monotonic() + float(seconds)
    answers: list[bool] = []

    def ask() -> None:
        while time.monotonic() < end:
            answers.append(_is_answered(address, request))

    threads = [threading.Thread(target=ask) for _ in range(int(connections))]
    start = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(f"Requests/sec: {len(answers) / (time.monotonic() - start):.2f}")
    if not all(answers):
        print(f"Non-2xx or 3xx responses: {answers.count(False)}")


def _is_answered(address: tuple[str, int], request: bytes) -> bool:
    with socket.create_connection(address, timeout=30) as connection:
        connection.sendall(request)
        start = connection.recv(65536)
        while connection.recv(65536):
            pass
    return start.split(b" ", 2)[1:2] == [b"200"]


if __name__ == "__main__":
    main()

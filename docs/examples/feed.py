#!/usr/bin/env python3
"""Follows a chain's feed and checks every leaf against the approved log.

    feed.py http://localhost:2001 Asia-Komatsu [--from N] [--count N]

Prints a line for each leaf once it is approved and found under the approved root. The standard
library is all it needs. It does not check the signatures of the checkpoint: for that, take the keys
from the federation file and a library for signed notes (Ed25519, ML-DSA-44).
"""

import argparse
import base64
import hashlib
import json
import time
import urllib.error
import urllib.request

TILE_WIDTH = 256
TIMEOUT_SECONDS = 60  # the feed says something every 15 s


def events(gateway, chain, position):
    """Yields (type, id, data) without end; after a break it goes on where it was."""
    while True:
        request = urllib.request.Request(
            f"{gateway}/chains/{chain}/feed?from={position}",
            headers={"Accept": "text/event-stream"},
        )
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:
                kind, data = "", []
                for line in answer:
                    line = line.decode("utf-8").rstrip("\n")
                    field, _, value = line.partition(": ")
                    if field == "event":
                        kind = value
                    elif field == "id":
                        position = int(value.rpartition(":")[2])
                    elif field == "data":
                        data.append(value)
                    elif line == "":
                        if data:
                            yield kind, json.loads("\n".join(data))
                        kind, data = "", []
        except urllib.error.HTTPError as refused:
            problem = json.load(refused)
            if refused.code < 500:
                raise SystemExit(f"{problem['code']}: {problem['detail']}")
        except OSError:
            pass  # cut; at least once means that some events may come again
        time.sleep(2)


def leaf_hash(entry):
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


def tile_path(level, index, width):
    digits = str(index)
    digits = digits.zfill((len(digits) + 2) // 3 * 3)
    groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    path = "/".join(["x" + group for group in groups[:-1]] + groups[-1:])
    return f"tile/{level}/{path}" + (f".p/{width}" if width < TILE_WIDTH else "")


class Tree:
    """The log's Merkle tree at one size, read from its tiles (C2SP tlog-tiles)."""

    def __init__(self, gateway, chain, size):
        self.base = f"{gateway}/chains/{chain}/"
        self.size = size
        self.tiles = {}

    def node(self, level, index):
        """Root of the complete subtree over 2^level leaves."""
        tile_level, height = divmod(level, 8)
        count = 1 << height
        first = index * count
        tile = self.tile(tile_level, first // TILE_WIDTH)
        at = first % TILE_WIDTH
        hashes = [tile[32 * i : 32 * i + 32] for i in range(at, at + count)]
        while len(hashes) > 1:
            hashes = [node_hash(*hashes[i : i + 2]) for i in range(0, len(hashes), 2)]
        return hashes[0]

    def tile(self, level, index):
        if (level, index) not in self.tiles:
            width = min(TILE_WIDTH, (self.size >> (8 * level)) - TILE_WIDTH * index)
            with urllib.request.urlopen(
                self.base + tile_path(level, index, width), timeout=TIMEOUT_SECONDS
            ) as answer:
                self.tiles[level, index] = answer.read()
        return self.tiles[level, index]

    def root(self, first=0, size=None, known=None):
        """Root over `size` leaves from `first`; `known` leaves take the place of the log's."""
        size = self.size if size is None else size
        known = known or {}
        if size == 1:
            return known[first] if first in known else self.node(0, first)
        whole = size & (size - 1) == 0 and first % size == 0
        if whole and not any(first <= index < first + size for index in known):
            return self.node(size.bit_length() - 1, first // size)
        left = 1 << ((size - 1).bit_length() - 1)
        return node_hash(
            self.root(first, left, known), self.root(first + left, size - left, known)
        )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("gateway")
    parser.add_argument("chain")
    parser.add_argument("--from", dest="position", type=int, default=0)
    parser.add_argument("--count", type=int, default=0, help="stop after so many leaves")
    args = parser.parse_args()

    waiting = {}  # leaves that no approval covers yet, by index
    seen = 0
    for kind, event in events(args.gateway, args.chain, args.position):
        if kind == "leaf":
            waiting[event["index"]] = event
        elif kind == "approval":
            lines = event["checkpoint"].split("\n")
            size, root = int(lines[1]), base64.b64decode(lines[2])
            covered = {i: leaf for i, leaf in waiting.items() if i < size}
            hashes = {
                i: leaf_hash(base64.b64decode(leaf["entry"])) for i, leaf in covered.items()
            }
            if Tree(args.gateway, args.chain, size).root(known=hashes) != root:
                raise SystemExit(f"leaves below {size} are not those of the approved log")
            for index in sorted(covered):
                leaf = waiting.pop(index)
                print(index, leaf["kind"], leaf["time"], json.dumps(leaf["facts"]), flush=True)
                seen += 1
                if seen == args.count:
                    return


if __name__ == "__main__":
    main()

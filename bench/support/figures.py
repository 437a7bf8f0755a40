# SPDX-License-Identifier: Apache-2.0
"""Times that were measured again and again, and the table of them."""

import statistics


def quantile(values, share):
    """What `share` of them kept to."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


class Times:
    """Of steps, in the order in which they came first; microseconds in, milliseconds out."""

    def __init__(self):
        self._steps = {}

    def add(self, step, us):
        self._steps.setdefault(step, []).append(us / 1000)

    def of(self, step):
        return self._steps.get(step, [])

    def median(self, step):
        return statistics.median(self.of(step))

    def print(self, title):
        print(f"\n| {title} | median | p99 | most |\n| --- | --- | --- | --- |")
        for step, values in self._steps.items():
            print(f"| {step} | {statistics.median(values):.3f} ms | {quantile(values, 0.99):.3f} | "
                  f"{max(values):.3f} |", flush=True)
